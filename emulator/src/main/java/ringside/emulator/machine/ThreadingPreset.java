package ringside.emulator.machine;

/** Who processes virtqueues and completions, as named arrangements that a suite can sweep. */
public enum ThreadingPreset {
    /** A kick is an exit handled on the vCPU thread under the big lock; completions run on the main loop under it. */
    BIG_LOCK("big-lock"),
    /** A kick is an eventfd; the main loop handles queues and completions under the big lock. */
    MAIN_LOOP("main-loop"),
    /** QEMU 1.4's x-data-plane: one dedicated thread per disk, with the limits of that version. */
    DATA_PLANE_1_4("data-plane-1.4"),
    /** N IOThreads shared by M disks; all queues of a disk on one IOThread. */
    IOTHREAD("iothread"),
    /** Queues of each disk spread over the IOThreads, round robin or by explicit lists. */
    IOTHREAD_VQ_MAPPING("iothread-vq-mapping");

    private final String label;

    ThreadingPreset(String label) {
        this.label = label;
    }

    /** The name used in suites, options and results. */
    public String label() {
        return label;
    }

    /** Whether disk I/O runs on IOThreads, without the big lock. */
    public boolean usesIoThreads() {
        return this != BIG_LOCK && this != MAIN_LOOP;
    }

    /**
     * The preset with this name.
     *
     * @throws IllegalArgumentException naming the known presets
     */
    public static ThreadingPreset of(String label) {
        for (ThreadingPreset preset : values()) {
            if (preset.label.equals(label)) {
                return preset;
            }
        }
        throw new IllegalArgumentException("unknown threading preset '" + label
                + "': use big-lock, main-loop, data-plane-1.4, iothread or iothread-vq-mapping");
    }
}
