package ringside.emulator.aio;

/**
 * What an io_uring may do beyond the usual (io_uring_setup(2)).
 *
 * @param sqpoll a kernel thread takes submissions off the ring: no system call per batch, for a core's time
 * @param iopoll completions are polled from the device instead of being interrupted for; needs O_DIRECT and a file
 *     system that can
 * @param registeredBuffers the guest's memory is registered, so that the kernel need not find and pin the pages of each
 *     request; all of it stays pinned
 */
public record UringOptions(boolean sqpoll, boolean iopoll, boolean registeredBuffers) {
    /** None of it. */
    public static final UringOptions DEFAULT = new UringOptions(false, false, false);

    /** As in the options of a node; empty for {@link #DEFAULT}. */
    public String description() {
        return (sqpoll ? ",sqpoll=on" : "")
                + (iopoll ? ",iopoll=on" : "")
                + (registeredBuffers ? ",registered-buffers=on" : "");
    }
}
