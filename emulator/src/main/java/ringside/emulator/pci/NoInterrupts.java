package ringside.emulator.pci;

/** A function that nobody listens to. */
enum NoInterrupts implements InterruptSink {
    INSTANCE;

    @Override
    public void message(int vector, long address, int data) {
        // nobody listens
    }

    @Override
    public void intx(boolean asserted) {
        // nobody listens
    }
}
