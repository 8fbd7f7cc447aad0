package ringside.emulator.vfiouser;

/** A command that cannot be carried out: answered with an errno, and one line in the log. */
final class Refusal extends RuntimeException {
    static final int E2BIG = 7;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ENOSPC = 28;
    static final int ENOTSUP = 95;

    private static final long serialVersionUID = 1L;

    private final int errno;

    Refusal(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
