package ringside.emulator.vfiouser;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.PciBar;
import ringside.emulator.pci.PciFunction;

/**
 * A client as QEMU is one: the function of a server as a {@link PciFunction}, so that our host bridge, enumeration and
 * drivers use it like one of this process. Commands come from any thread, one at a time.
 */
final class VfioUserClient implements PciFunction, AutoCloseable {
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int MSIX_BAR = 1;
    private static final String CAPABILITIES = "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576}}";

    private final LocalSocket wire;
    private final VfioUserSocket socket;
    private final VfioUserMessage message = new VfioUserMessage();
    private final List<Integer> events = new ArrayList<>();
    private final List<Thread> listeners = new ArrayList<>();
    private int nextId;
    private volatile boolean closed;

    VfioUserClient(Path path) {
        wire = connect(path);
        socket = new VfioUserSocket(wire);
    }

    /** The queue of those who want to connect is short: tests that come quickly have to wait. */
    static LocalSocket connect(Path path) {
        long start = System.nanoTime();
        while (true) {
            try {
                return LocalSocket.connect(path);
            } catch (NativeException e) {
                if (e.errno() != Errno.EAGAIN || System.nanoTime() - start > PATIENCE_NS) {
                    throw e;
                }
            }
        }
    }

    /** Begins a command. */
    VfioUserMessage command(VfioUserCommand command, int payloadBytes) {
        return message.command(++nextId & 0xffff, command, payloadBytes);
    }

    /** Sends what was begun and returns the errno of the reply, 0 for none. */
    int call() {
        int id = message.id();
        int command = message.commandId();
        socket.send(message);
        if (!socket.receive(message, PATIENCE_NS)) {
            throw new IllegalStateException("the server hung up");
        }
        if (message.id() != id || message.commandId() != command || message.isCommand()) {
            throw new IllegalStateException("this is no reply to command " + command + " of id " + id);
        }
        return message.error();
    }

    /** Sends what was begun without waiting. */
    void post() {
        socket.send(message);
    }

    /** Sends no more than the header of what was begun. */
    void postHeader() {
        wire.send(message, VfioUserMessage.HEADER_BYTES);
    }

    /** Whether the server ends the connection. */
    boolean isHungUp() {
        return !socket.receive(message, PATIENCE_NS);
    }

    /** The reply, or what is being put together. */
    VfioUserMessage message() {
        return message;
    }

    private void succeed() {
        int error = call();
        if (error != 0) {
            throw new IllegalStateException("command failed: " + Errno.describe(error));
        }
    }

    /** Says hello; returns the server's capabilities. */
    String greet() {
        byte[] text = CAPABILITIES.getBytes(StandardCharsets.UTF_8);
        command(VfioUserCommand.VERSION, 4 + text.length + 1).u16(0, 0).u16(2, 1);
        for (int i = 0; i < text.length; i++) {
            message.data(4 + i, 1, text[i]);
        }
        succeed();
        byte[] reply = message.payload(4, message.payloadBytes() - 5).toArray(ValueLayout.JAVA_BYTE);
        return new String(reply, StandardCharsets.UTF_8);
    }

    /** Shares all memory of a guest. */
    void share(GuestMemory memory) {
        for (int i = 0; i < memory.regionCount(); i++) {
            if (map(memory.region(i), 3, memory.fileDescriptor(), memory.fileOffset(i)) != 0) {
                throw new IllegalStateException("memory was refused");
            }
        }
    }

    int map(GuestRegionSpec range, int flags, int fd, long fileOffset) {
        command(VfioUserCommand.DMA_MAP, 32)
                .u32(0, 32)
                .u32(4, flags)
                .u64(8, fileOffset)
                .u64(16, range.gpa())
                .u64(24, range.lengthBytes());
        if (fd >= 0) {
            message.attachFd(fd);
        }
        return call();
    }

    int unmap(GuestRegionSpec range) {
        command(VfioUserCommand.DMA_UNMAP, 24).u32(0, 24).u64(8, range.gpa()).u64(16, range.lengthBytes());
        return call();
    }

    synchronized long regionSize(int region) {
        command(VfioUserCommand.DEVICE_GET_REGION_INFO, 32).u32(0, 32).u32(8, region);
        succeed();
        return message.u64(16);
    }

    synchronized long read(int region, long offset, int width) {
        command(VfioUserCommand.REGION_READ, 16).u64(0, offset).u32(8, region).u32(12, width);
        succeed();
        return message.data(16, width);
    }

    synchronized void write(int region, long offset, int width, long value) {
        command(VfioUserCommand.REGION_WRITE, 16 + width)
                .u64(0, offset)
                .u32(8, region)
                .u32(12, width);
        message.data(16, width, value);
        succeed();
    }

    @Override
    public int configRead(int offset, int widthBytes) {
        return (int) read(Vfio.VFIO_PCI_CONFIG_REGION_INDEX, offset, widthBytes);
    }

    @Override
    public void configWrite(int offset, int widthBytes, int value) {
        write(Vfio.VFIO_PCI_CONFIG_REGION_INDEX, offset, widthBytes, value);
    }

    @Override
    public PciBar bar(int index) {
        long size = regionSize(index);
        return size == 0 ? PciBar.NONE : new PciBar(size, (configRead(0x10 + 4 * index, 4) & 4) != 0, false);
    }

    @Override
    public long barRead(int bar, long offset, int widthBytes) {
        return read(bar, offset, widthBytes);
    }

    @Override
    public void barWrite(int bar, long offset, int widthBytes, long value) {
        write(bar, offset, widthBytes, value);
    }

    @Override
    public int vectors() {
        command(VfioUserCommand.DEVICE_GET_IRQ_INFO, 16).u32(0, 16).u32(8, Vfio.VFIO_PCI_MSIX_IRQ_INDEX);
        succeed();
        return message.u32(12);
    }

    /** Gives an eventfd to each vector; the messages come with the address that the table in the server holds. */
    @Override
    public void connect(InterruptSink sink) {
        int vectors = vectors();
        for (int v = 0; v < vectors; v++) {
            int vector = v;
            long entry = 16L * v;
            listen(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, v, () -> {
                long low = read(MSIX_BAR, entry, 4) & 0xffff_ffffL;
                sink.message(vector, read(MSIX_BAR, entry + 4, 4) << 32 | low, (int) read(MSIX_BAR, entry + 8, 4));
            });
        }
    }

    /** Runs an action after each signal of an interrupt. */
    void listen(int index, int number, Runnable action) {
        int event = LibC.eventfd();
        events.add(event);
        assign(index, number, event);
        listeners.add(Thread.ofPlatform().daemon(true).start(() -> {
            while (!closed) {
                if (LibC.waitReadable(event, TimeUnit.MILLISECONDS.toNanos(20)) > 0) {
                    LibC.eventfdDrain(event);
                    action.run();
                }
            }
        }));
    }

    /** Sets the eventfd of one interrupt; -1 for none. Returns the errno. */
    synchronized int assign(int index, int number, int event) {
        command(VfioUserCommand.DEVICE_SET_IRQS, 20)
                .u32(0, 20)
                .u32(4, Vfio.VFIO_IRQ_SET_DATA_EVENTFD | Vfio.VFIO_IRQ_SET_ACTION_TRIGGER)
                .u32(8, index)
                .u32(12, number)
                .u32(16, 1);
        if (event >= 0) {
            message.attachFd(event);
        }
        return call();
    }

    @Override
    public boolean intxAsserted() {
        return false;
    }

    @Override
    public synchronized void reset() {
        command(VfioUserCommand.DEVICE_RESET, 0);
        succeed();
    }

    @Override
    public void whilePaused(Runnable change) {
        throw new UnsupportedOperationException("the memory of this guest does not change");
    }

    /** Listens to interrupts no more; when this returns, no action runs. */
    void stopListening() {
        closed = true;
        for (Thread listener : listeners) {
            try {
                listener.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stopListening();
        socket.close();
        events.forEach(LibC::close);
    }
}
