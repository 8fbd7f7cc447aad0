package ringside.emulator.vfiouser;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;
import ringside.emulator.pci.PciFunction;

/** DEVICE_GET_IRQ_INFO and DEVICE_SET_IRQS: INT#x and MSI-X; MSI and the interrupts of VFIO itself have count 0. */
final class IrqCommands {
    private static final int INDEX_AT = 8;
    private static final int COUNT_AT = 12;
    private static final int INFO_BYTES = 16;
    private static final int SET_FLAGS_AT = 4;
    private static final int SET_START_AT = 12;
    private static final int SET_COUNT_AT = 16;
    private static final int SET_DATA_AT = 20;

    /** A guest that masks and unmasks all the time must not exhaust the descriptors. */
    private static final int MAX_REPLACED = 256;

    private final PciFunction function;
    private final VfioInterrupts interrupts;

    IrqCommands(PciFunction function, VfioInterrupts interrupts) {
        this.function = function;
        this.interrupts = interrupts;
    }

    /** Answers in place. */
    void info(VfioUserMessage message) {
        int index = message.u32(INDEX_AT);
        if (index < 0 || index >= Vfio.VFIO_PCI_NUM_IRQS) {
            throw new Refusal(Refusal.EINVAL, "there is no interrupt index " + Integer.toUnsignedString(index));
        }
        message.u32(0, INFO_BYTES).u32(4, flags(index)).u32(COUNT_AT, count(index));
        message.reply(INFO_BYTES);
    }

    private static int flags(int index) {
        return switch (index) {
            case Vfio.VFIO_PCI_INTX_IRQ_INDEX ->
                Vfio.VFIO_IRQ_INFO_EVENTFD | Vfio.VFIO_IRQ_INFO_MASKABLE | Vfio.VFIO_IRQ_INFO_AUTOMASKED;
            case Vfio.VFIO_PCI_MSIX_IRQ_INDEX -> Vfio.VFIO_IRQ_INFO_EVENTFD;
            default -> 0;
        };
    }

    private int count(int index) {
        return switch (index) {
            case Vfio.VFIO_PCI_INTX_IRQ_INDEX -> 1;
            case Vfio.VFIO_PCI_MSIX_IRQ_INDEX -> function.vectors();
            default -> 0;
        };
    }

    /** Carries out DEVICE_SET_IRQS. */
    void set(VfioUserMessage message) {
        int flags = message.u32(SET_FLAGS_AT);
        int index = message.u32(INDEX_AT);
        int start = message.u32(SET_START_AT);
        int count = message.u32(SET_COUNT_AT);
        check(index, start, count);
        int data = flags & Vfio.VFIO_IRQ_SET_DATA_MASK;
        int action = flags & ~Vfio.VFIO_IRQ_SET_DATA_MASK;
        if (data == Vfio.VFIO_IRQ_SET_DATA_EVENTFD) {
            eventfds(message, action, index, start, count);
        } else {
            act(message, data, action, index, start, count);
        }
        if (interrupts.replaced() > MAX_REPLACED) {
            function.whilePaused(interrupts::closeReplaced);
        }
    }

    private void check(int index, int start, int count) {
        boolean exists = index >= 0 && index < Vfio.VFIO_PCI_NUM_IRQS;
        int limit = exists ? count(index) : 0;
        if (!exists || start < 0 || count < 0 || start > limit || count > limit - start) {
            throw new Refusal(
                    Refusal.EINVAL,
                    "interrupts %d to %d of index %d do not exist"
                            .formatted(Integer.toUnsignedLong(start), start + Integer.toUnsignedLong(count), index));
        }
    }

    /** With descriptors: from now on these are told. Without any: nobody is. */
    private void eventfds(VfioUserMessage message, int action, int index, int start, int count) {
        boolean none = message.fdCount() == 0;
        if (action != Vfio.VFIO_IRQ_SET_ACTION_TRIGGER) {
            throw new Refusal(Refusal.ENOTSUP, "masking by eventfd is not supported");
        }
        if (!none && message.fdCount() != count) {
            throw new Refusal(Refusal.EINVAL, count + " interrupts came with " + message.fdCount() + " descriptors");
        }
        for (int i = 0; i < count; i++) {
            assign(index, start + i, none ? null : notifier(message.takeFd(i)));
        }
    }

    private static EventNotifier notifier(int fd) {
        if (!EventNotifier.isEventFd(fd)) {
            LibC.close(fd);
            throw new Refusal(Refusal.EINVAL, "the descriptor of an interrupt is not an eventfd");
        }
        return new EventNotifier(fd);
    }

    private void assign(int index, int number, EventNotifier told) {
        if (index == Vfio.VFIO_PCI_MSIX_IRQ_INDEX) {
            interrupts.vector(number, told);
        } else {
            interrupts.line(told);
        }
    }

    private void act(VfioUserMessage message, int data, int action, int index, int start, int count) {
        boolean byBool = data == Vfio.VFIO_IRQ_SET_DATA_BOOL;
        if (!byBool && data != Vfio.VFIO_IRQ_SET_DATA_NONE) {
            throw new Refusal(Refusal.EINVAL, "data type " + data + " of an interrupt set is unknown");
        }
        if (byBool && message.payloadBytes() < SET_DATA_AT + count) {
            throw new Refusal(Refusal.EINVAL, "an interrupt set is shorter than its " + count + " booleans");
        }
        if (count == 0 && action == Vfio.VFIO_IRQ_SET_ACTION_TRIGGER) {
            disable(index);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (!byBool || message.data(SET_DATA_AT + i, 1) != 0) {
                act(action, index, start + i);
            }
        }
    }

    private void disable(int index) {
        for (int i = 0; i < count(index); i++) {
            assign(index, i, null);
        }
    }

    private void act(int action, int index, int number) {
        boolean line = index == Vfio.VFIO_PCI_INTX_IRQ_INDEX;
        if (action == Vfio.VFIO_IRQ_SET_ACTION_TRIGGER && !line) {
            interrupts.message(number, 0, 0);
        } else if (action == Vfio.VFIO_IRQ_SET_ACTION_MASK && line) {
            interrupts.maskIntx();
        } else if (action == Vfio.VFIO_IRQ_SET_ACTION_UNMASK && line) {
            interrupts.unmaskIntx();
        } else {
            throw new Refusal(
                    Refusal.ENOTSUP, "action 0x%x is not supported for interrupt index %d".formatted(action, index));
        }
    }
}
