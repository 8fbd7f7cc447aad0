package ringside.emulator.vhostuser.server;

import ringside.emulator.device.InterruptLine;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.eventloop.EventNotifier;

/**
 * Interrupts as eventfds of the front-end. An entry is read on its queue's loop and changed in the context of that loop,
 * so a descriptor is never closed while a completion signals it.
 */
final class CallLine implements InterruptLine {
    private final VirtioDevice device;
    private final EventNotifier[] calls;
    private final EventNotifier[] errors;
    private final Trouble trouble;

    /** Who is told of what the rings suffer; any thread. */
    interface Trouble {
        /** The device is broken until the front-end resets it. */
        void broken(String reason);

        /** The front-end took away memory that it had shared: nothing can be served to it any more. */
        void memoryGone();
    }

    CallLine(VirtioDevice device, Trouble trouble) {
        this.device = device;
        this.calls = new EventNotifier[device.queueCount()];
        this.errors = new EventNotifier[device.queueCount()];
        this.trouble = trouble;
    }

    @Override
    public void used(int queue) {
        EventNotifier call = calls[queue];
        if (call != null) {
            call.signal();
        }
    }

    @Override
    public void needsReset(String reason) {
        for (EventNotifier error : errors) {
            if (error != null) {
                error.signal();
            }
        }
        trouble.broken(reason);
    }

    /** The JVM's word for a fault in mapped memory is InternalError: the peer cut short a file that it shared. */
    @Override
    public void failed(String queue, Throwable cause) {
        if (cause instanceof InternalError) {
            trouble.memoryGone();
        } else {
            needsReset(queue + ": " + cause);
        }
    }

    /** Replaces the call of a queue; null for none: the driver polls. */
    void call(int queue, EventNotifier told) {
        replace(calls, queue, told);
    }

    /** Replaces the descriptor that tells of errors. */
    void error(int queue, EventNotifier told) {
        replace(errors, queue, told);
    }

    private void replace(EventNotifier[] notifiers, int queue, EventNotifier told) {
        EventNotifier before = notifiers[queue];
        device.inContext(queue, () -> notifiers[queue] = told);
        if (before != null) {
            before.close();
        }
    }

    void closeAll() {
        for (int q = 0; q < calls.length; q++) {
            call(q, null);
            error(q, null);
        }
    }
}
