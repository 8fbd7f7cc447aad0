package ringside.emulator.virtqueue;

/** Why a ring or a chain is malformed. Each of these breaks the device until reset (VIRTIO-1.2 §2.1.2). */
public enum ChainFault {
    /** avail.idx is more than the queue size ahead of what the device has seen. */
    AVAIL_INDEX_JUMP("avail.idx moved by more than the queue size"),
    /** A ring entry names a descriptor that does not exist; packed ring: a buffer id that is too large. */
    HEAD_OUT_OF_RANGE("available head or buffer id is not below the queue size"),
    /** The driver published a head whose request is still pending. */
    HEAD_PENDING("available head or buffer id is still pending"),
    /** Packed ring: a list goes on in descriptors that the device has not used yet. */
    RING_OVERRUN("list runs into descriptors that are not used yet"),
    /** Packed ring: NEXT leads to a descriptor that is not available. */
    LIST_INCOMPLETE("list goes on in a descriptor that is not available"),
    /** next names a descriptor that does not exist. */
    NEXT_OUT_OF_RANGE("next is not below the table size"),
    /** More descriptors than the table or the queue has: a loop, or a chain that is too long. */
    CHAIN_TOO_LONG("chain is longer than the queue, or loops"),
    /** More than 2^32 bytes in all: a used length could not tell. */
    CHAIN_TOO_MANY_BYTES("chain of more than 2^32 bytes"),
    /** Zero-length descriptor. */
    ZERO_LENGTH("descriptor of length 0"),
    /** Descriptor of 2 GiB or more. */
    DESCRIPTOR_TOO_LONG("descriptor of 2 GiB or more"),
    /** A buffer is not wholly inside one memory region. */
    OUTSIDE_MEMORY("buffer is outside guest memory"),
    /** A device-readable descriptor follows a device-writable one. */
    READABLE_AFTER_WRITABLE("readable descriptor after a writable one"),
    /** INDIRECT used without negotiation. */
    INDIRECT_NOT_NEGOTIATED("indirect descriptor without VIRTIO_F_INDIRECT_DESC"),
    /** INDIRECT inside an indirect table. */
    INDIRECT_NESTED("nested indirect descriptor"),
    /** INDIRECT and NEXT together; packed ring: INDIRECT anywhere in a list. */
    INDIRECT_AND_NEXT("indirect descriptor with NEXT"),
    /** The indirect table's length is 0, no multiple of 16, or more entries than the queue. */
    INDIRECT_TABLE_LENGTH("indirect table length is 0, not a multiple of 16, or larger than the queue"),
    /** No room for a header or a status byte, or the device cannot answer for another reason. */
    REQUEST_FRAME("request without complete header or status byte");

    private final String text;

    ChainFault(String text) {
        this.text = text;
    }

    /** One phrase for messages. */
    public String text() {
        return text;
    }
}
