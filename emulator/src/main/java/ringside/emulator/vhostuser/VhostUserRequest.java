package ringside.emulator.vhostuser;

import java.util.Optional;

/** Front-end messages of the protocol that a block device needs, with their numbers and payload sizes in bytes. */
public enum VhostUserRequest {
    /** Reply: u64. */
    GET_FEATURES(1, 0),

    /** u64. */
    SET_FEATURES(2, 8),

    /** No payload. */
    SET_OWNER(3, 0),

    /** Deprecated; ignored as QEMU's library does. */
    RESET_OWNER(4, 0),

    /** Regions, one descriptor each. */
    SET_MEM_TABLE(5),

    /** Size and offset of the dirty log, one descriptor. */
    SET_LOG_BASE(6, 16),

    /** Descriptor to signal when the log was written. */
    SET_LOG_FD(7, 0),

    /** Index and number. */
    SET_VRING_NUM(8, 8),

    /** Index, flags and four addresses. */
    SET_VRING_ADDR(9, 40),

    /** Index and next available index. */
    SET_VRING_BASE(10, 8),

    /** Stops the ring. Reply: index and next available index. */
    GET_VRING_BASE(11, 8),

    /** Index in bits 0-7, bit 8 says that there is no descriptor. */
    SET_VRING_KICK(12, 8),

    /** As SET_VRING_KICK. */
    SET_VRING_CALL(13, 8),

    /** As SET_VRING_KICK. */
    SET_VRING_ERR(14, 8),

    /** Reply: u64. */
    GET_PROTOCOL_FEATURES(15, 0),

    /** u64. */
    SET_PROTOCOL_FEATURES(16, 8),

    /** Reply: u64. */
    GET_QUEUE_NUM(17, 0),

    /** Index and 0 or 1. */
    SET_VRING_ENABLE(18, 8),

    /** Offset, size, flags and room for the answer, which the reply fills. */
    GET_CONFIG(24),

    /** Offset, size, flags and bytes. */
    SET_CONFIG(25),

    /** Reply: size and offset of the in-flight region, one descriptor. */
    GET_INFLIGHT_FD(31),

    /** The region of an earlier connection, one descriptor. */
    SET_INFLIGHT_FD(32),

    /** No payload. */
    RESET_DEVICE(34, 0),

    /** Reply: u64. */
    GET_MAX_MEM_SLOTS(36, 0),

    /** Padding and one region, one descriptor. */
    ADD_MEM_REG(37, 40),

    /** Padding and one region. */
    REM_MEM_REG(38, 40),

    /** u64. */
    SET_STATUS(39, 8),

    /** Reply: u64. */
    GET_STATUS(40, 0);

    /** Marks a payload whose size depends on its content. */
    private static final int VARIABLE = -1;

    private static final VhostUserRequest[] BY_ID = new VhostUserRequest[64];

    static {
        for (VhostUserRequest request : values()) {
            BY_ID[request.id] = request;
        }
    }

    private final int id;
    private final int payloadBytes;

    VhostUserRequest(int id) {
        this(id, VARIABLE);
    }

    VhostUserRequest(int id, int payloadBytes) {
        this.id = id;
        this.payloadBytes = payloadBytes;
    }

    /** Number on the wire. */
    public int id() {
        return id;
    }

    /** Whether a payload of this many bytes can belong to the request; details of variable ones are their handler's. */
    public boolean fits(int bytes) {
        return payloadBytes == VARIABLE || payloadBytes == bytes;
    }

    /** Whether the answer is a message of its own, whether or not an acknowledgement is asked for. */
    public boolean hasReply() {
        return switch (this) {
            case GET_FEATURES,
                    GET_PROTOCOL_FEATURES,
                    GET_QUEUE_NUM,
                    GET_VRING_BASE,
                    GET_CONFIG,
                    GET_INFLIGHT_FD,
                    GET_MAX_MEM_SLOTS,
                    GET_STATUS -> true;
            default -> false;
        };
    }

    /** Whether descriptors may come with the request; how many is for its handler to say. */
    public boolean mayCarryFds() {
        return switch (this) {
            case SET_MEM_TABLE,
                    SET_LOG_BASE,
                    SET_LOG_FD,
                    SET_VRING_KICK,
                    SET_VRING_CALL,
                    SET_VRING_ERR,
                    SET_INFLIGHT_FD,
                    ADD_MEM_REG,
                    REM_MEM_REG -> true;
            default -> false;
        };
    }

    /** The request with a number; empty for one that Ringside does not know. */
    public static Optional<VhostUserRequest> of(int id) {
        return id >= 0 && id < BY_ID.length ? Optional.ofNullable(BY_ID[id]) : Optional.empty();
    }
}
