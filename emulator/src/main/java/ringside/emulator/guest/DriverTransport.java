package ringside.emulator.guest;

import ringside.emulator.virtqueue.DriverRingAddresses;

/** The parts of a transport that a driver needs. One vCPU at a time, except {@link #kick}, which any may call. */
public interface DriverTransport {
    /** Interrupt bit: the device used buffers (VIRTIO-1.2 §4.2.2, InterruptStatus). */
    int INTERRUPT_USED = 1;

    /** Interrupt bit: the configuration or the device status changed. */
    int INTERRUPT_CONFIG = 2;

    /** Device type found, 0 for none (VIRTIO-1.2 §4.2.3.1.1). */
    int deviceType();

    /** Resets the device and waits until status reads 0. */
    void reset();

    /** Adds bits to the device status. */
    void addStatus(int bits);

    /** The device status. */
    int status();

    /** All offered features. */
    long deviceFeatures();

    /** Writes the driver's choice of features. */
    void driverFeatures(long features);

    /** Largest size of a queue, 0 when the queue does not exist. */
    int queueMaxSize(int queue);

    /** Programs a queue and makes it ready. */
    void enableQueue(int queue, int size, DriverRingAddresses addresses);

    /** Available-buffer notification. The hot path. */
    void kick(int queue);

    /**
     * Available-buffer notification that also says, where VIRTIO_F_NOTIFICATION_DATA was negotiated, how far the driver has
     * come. The hot path.
     *
     * @param position where the next entry will be written, as VIRTIO-1.2 §2.9 has it: next_off in bits 14-0, next_wrap in
     *     bit 15
     */
    default void kick(int queue, int position) {
        kick(queue);
    }

    /** A configuration field of 1, 2, 4 or 8 bytes, re-read until its generation is stable (VIRTIO-1.2 §2.5.1). */
    long config(int offset, int widthBytes);

    /** Writes a configuration field. */
    void putConfig(int offset, int widthBytes, long value);

    /** Reads and acknowledges the pending interrupt bits (VIRTIO-1.2 §4.2.3.4.1). Returns them. */
    int handleInterrupt();
}
