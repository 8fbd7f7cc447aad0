package ringside.emulator.fuzz;

/** Where the coverage-guided fuzzer enters: any target by its name. Started by {@code scripts/fuzz}. */
public final class FuzzMain {
    private static FuzzTarget target;

    private FuzzMain() {}

    /** Called once, with the name of the target. */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.of(arguments[0]).open();
    }

    /** Called for each input; whatever it throws is a finding. */
    public static void fuzzerTestOneInput(byte[] input) {
        target.run(input);
    }

    /** Called at the end. */
    public static void fuzzerTearDown() {
        target.close();
    }
}
