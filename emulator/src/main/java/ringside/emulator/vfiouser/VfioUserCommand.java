package ringside.emulator.vfiouser;

import java.util.Optional;

/** Commands of a client, and what may come with each. The size is that of the fixed part of the payload. */
enum VfioUserCommand {
    VERSION(1, 4, 0),
    DMA_MAP(2, 32, 1),
    DMA_UNMAP(3, 24, 0),
    DEVICE_GET_INFO(4, 16, 0),
    DEVICE_GET_REGION_INFO(5, 32, 0),
    DEVICE_GET_REGION_IO_FDS(6, 16, 0),
    DEVICE_GET_IRQ_INFO(7, 16, 0),
    DEVICE_SET_IRQS(8, 20, VfioUserMessage.MAX_FDS),
    REGION_READ(9, 16, 0),
    REGION_WRITE(10, 16, 0),
    DEVICE_RESET(13, 0, 0),
    REGION_WRITE_MULTI(15, 8, 0),
    DEVICE_FEATURE(16, 8, 0);

    private static final VfioUserCommand[] BY_ID = new VfioUserCommand[17];

    static {
        for (VfioUserCommand command : values()) {
            BY_ID[command.id] = command;
        }
    }

    private final int id;
    private final int fixedBytes;
    private final int maxFds;

    VfioUserCommand(int id, int fixedBytes, int maxFds) {
        this.id = id;
        this.fixedBytes = fixedBytes;
        this.maxFds = maxFds;
    }

    static Optional<VfioUserCommand> of(int id) {
        return id < BY_ID.length ? Optional.ofNullable(BY_ID[id]) : Optional.empty();
    }

    int id() {
        return id;
    }

    /** Smallest payload. */
    int fixedBytes() {
        return fixedBytes;
    }

    /** Most descriptors that may come along. */
    int maxFds() {
        return maxFds;
    }
}
