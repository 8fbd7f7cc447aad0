package ringside.emulator.vfiouser;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.pci.PciFunction;

/**
 * Serves one client until it hangs up or breaks the protocol beyond an answer. A command that cannot be carried out is
 * answered with an errno and logged in one line.
 *
 * <p>When a client goes, the function is reset and its memory unmapped. The protocol would rather keep the device's state
 * for a client that comes back; but the next one may be another machine, and a queue that runs on with the old rings
 * would write into its memory.
 */
final class VfioUserSession {
    private static final Logger LOG = System.getLogger("ringside.vfiouser");
    private static final int MAJOR = 0;
    private static final int MINOR = 1;
    private static final int VERSION_TEXT_AT = 4;
    private static final int DEVICE_INFO_BYTES = 16;

    private final VfioUserSocket socket;
    private final PciFunction function;
    private final Runnable memoryChanged;
    private final DmaTable dma;
    private final VfioInterrupts interrupts;
    private final RegionCommands regions;
    private final IrqCommands irqs;
    private final VfioUserMessage message = new VfioUserMessage();
    private final LocalSocket peer;
    private final GuestMemory memory;
    private final AtomicBoolean gone = new AtomicBoolean();
    private boolean greeted;

    /** @param memoryChanged runs on this thread when ranges have come or gone, while the function is paused */
    VfioUserSession(LocalSocket peer, PciFunction function, GuestMemory memory, Runnable memoryChanged) {
        this.peer = peer;
        this.memory = memory;
        this.socket = new VfioUserSocket(peer);
        this.function = function;
        this.memoryChanged = memoryChanged;
        this.dma = new DmaTable(memory);
        this.interrupts = new VfioInterrupts(function.vectors(), this::memoryGone);
        this.regions = new RegionCommands(function);
        this.irqs = new IrqCommands(function, interrupts);
    }

    /** Returns when the connection is over and everything it set up has been given back. */
    void serve() {
        function.connect(interrupts);
        try {
            while (socket.receive(message, LocalSocket.FOREVER)) {
                try {
                    step();
                } finally {
                    message.closeFds();
                }
            }
        } catch (PeerException e) {
            if (!gone.get()) { // then this is only what followed
                LOG.log(Level.WARNING, "connection ended: {0}", e.getMessage());
            }
        } catch (InternalError | IllegalStateException e) {
            requireFault(e);
        } finally {
            giveBack();
            socket.close();
        }
    }

    /** The client cut short a file that it had shared: what is left of its requests must not fault again. */
    private void memoryGone() {
        memory.detachFiles();
        if (!gone.getAndSet(true)) {
            LOG.log(Level.WARNING, "connection ended: the client took away memory that it had shared");
            peer.hangUp();
        }
    }

    /** A fault in shared memory surfaces as InternalError, in the context of a loop as the cause of another error. */
    private void requireFault(Throwable e) {
        if (e instanceof InternalError || e.getCause() instanceof InternalError) {
            memoryGone();
        } else {
            throw (RuntimeException) e;
        }
    }

    private void resetFunction() {
        try {
            function.reset();
        } catch (InternalError | IllegalStateException e) {
            requireFault(e);
            function.reset();
        }
    }

    private void giveBack() {
        resetFunction();
        interrupts.clear();
        changeMemory(dma::clear);
        function.whilePaused(interrupts::closeReplaced);
    }

    private void step() {
        VfioUserCommand command = check();
        try {
            carryOut(command);
        } catch (Refusal e) {
            refuse(command, e.errno(), e.getMessage());
        } catch (IllegalArgumentException e) {
            refuse(command, Refusal.EINVAL, e.getMessage());
        } catch (NativeException e) {
            refuse(command, e.errno(), e.getMessage()); // the host will not map such a file
        }
    }

    private void refuse(VfioUserCommand command, int errno, String why) {
        LOG.log(Level.WARNING, "{0} refused: {1}", command, why);
        boolean told = message.wantsReply();
        message.closeFds();
        if (told) {
            socket.send(message.errorReply(errno));
        }
    }

    /** What can be said of a message without knowing its command. Beyond an answer: who speaks so speaks something else. */
    private VfioUserCommand check() {
        if (!message.isCommand()) {
            throw new PeerException("message " + message.commandId() + " is not a command");
        }
        VfioUserCommand command = VfioUserCommand.of(message.commandId())
                .orElseThrow(() -> new PeerException("command " + message.commandId() + " is not known"));
        if (message.payloadBytes() < command.fixedBytes()) {
            throw new PeerException(command + " came with a payload of " + message.payloadBytes() + " bytes");
        }
        if (message.surplusFds() || message.fdCount() > command.maxFds()) {
            throw new PeerException(command + " came with more than " + command.maxFds() + " descriptors");
        }
        if (greeted == (command == VfioUserCommand.VERSION)) {
            throw new PeerException(greeted ? "a second VERSION" : "the first message must be VERSION, not " + command);
        }
        return command;
    }

    private void carryOut(VfioUserCommand command) {
        boolean wantsReply = message.wantsReply();
        switch (command) {
            case VERSION -> version();
            case DMA_MAP -> map();
            case DMA_UNMAP -> unmap();
            case DEVICE_GET_INFO -> info();
            case DEVICE_GET_REGION_INFO -> regions.info(message);
            case DEVICE_GET_IRQ_INFO -> irqs.info(message);
            case DEVICE_SET_IRQS -> done(irqs::set);
            case REGION_READ -> regions.read(message);
            case REGION_WRITE -> regions.write(message);
            case DEVICE_RESET -> done(ignored -> function.reset());
            case DEVICE_FEATURE -> throw new Refusal(Refusal.ENOTTY, "the device has no optional features");
            case DEVICE_GET_REGION_IO_FDS, REGION_WRITE_MULTI ->
                throw new Refusal(Refusal.ENOTSUP, command + " is not offered");
        }
        if (wantsReply) {
            message.closeFds();
            socket.send(message);
        }
    }

    private void done(java.util.function.Consumer<VfioUserMessage> action) {
        action.accept(message);
        message.reply(0);
    }

    /** The reply may only name capabilities that the client proposed; its own limits do not matter: we send no commands. */
    private void version() {
        if (message.u16(0) != MAJOR) {
            throw new PeerException("the client speaks version " + message.u16(0) + "." + message.u16(2)
                    + " of vfio-user, the server 0." + MINOR);
        }
        int proposedBytes = message.payloadBytes() - VERSION_TEXT_AT;
        String proposed = new String(
                message.payload(VERSION_TEXT_AT, proposedBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        byte[] text = capabilities(proposed).getBytes(StandardCharsets.UTF_8);
        message.u16(2, Math.min(message.u16(2), MINOR));
        message.payload(VERSION_TEXT_AT, text.length + 1).fill((byte) 0);
        for (int i = 0; i < text.length; i++) {
            message.data(VERSION_TEXT_AT + i, 1, text[i]);
        }
        message.reply(VERSION_TEXT_AT + text.length + 1);
        greeted = true;
    }

    private static String capabilities(String proposed) {
        StringBuilder all = new StringBuilder();
        append(all, proposed, "max_msg_fds", VfioUserMessage.MAX_FDS);
        append(all, proposed, "max_data_xfer_size", VfioUserMessage.MAX_DATA_BYTES);
        append(all, proposed, "max_dma_maps", DmaTable.MAX_RANGES);
        append(all, proposed, "pgsizes", 4096);
        return "{\"capabilities\":{" + all + "}}";
    }

    private static void append(StringBuilder all, String proposed, String name, int value) {
        if (proposed.contains('"' + name + '"')) {
            all.append(all.isEmpty() ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(value);
        }
    }

    private void info() {
        message.u32(0, DEVICE_INFO_BYTES)
                .u32(4, Vfio.VFIO_DEVICE_FLAGS_RESET | Vfio.VFIO_DEVICE_FLAGS_PCI)
                .u32(8, Vfio.VFIO_PCI_NUM_REGIONS)
                .u32(12, Vfio.VFIO_PCI_NUM_IRQS);
        message.reply(DEVICE_INFO_BYTES);
    }

    private void map() {
        int flags = message.u32(4);
        long fileOffset = message.u64(8);
        GuestRegionSpec range = new GuestRegionSpec(message.u64(16), message.u64(24));
        if (fileOffset < 0 || fileOffset > Long.MAX_VALUE - range.lengthBytes()) {
            throw new Refusal(Refusal.EINVAL, "file offset 0x%x of a DMA range wraps".formatted(fileOffset));
        }
        try (DmaTable.File file = new DmaTable.File(message.takeFd(0))) {
            changeMemory(() -> dma.map(range, flags, file.fd(), fileOffset));
        }
        message.reply(0);
    }

    private void unmap() {
        if ((message.u32(4) & Vfio.VFIO_DMA_UNMAP_FLAG_ALL) != 0) {
            changeMemory(dma::clear);
        } else {
            GuestRegionSpec range = new GuestRegionSpec(message.u64(8), message.u64(16));
            changeMemory(() -> dma.unmap(range));
        }
        message.reply(VfioUserCommand.DMA_UNMAP.fixedBytes());
    }

    private void changeMemory(Runnable change) {
        function.whilePaused(() -> {
            try {
                change.run();
            } finally {
                memoryChanged.run();
                interrupts.closeReplaced();
            }
        });
    }
}
