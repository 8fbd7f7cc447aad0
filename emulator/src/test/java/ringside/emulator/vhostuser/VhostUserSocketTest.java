package ringside.emulator.vhostuser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.LocalListener;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.localsocket.PeerException;

class VhostUserSocketTest {
    private static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    Path folder;

    private LocalListener listener;
    private LocalSocket wire;
    private VhostUserSocket frontEnd;
    private VhostUserSocket backEnd;
    private final VhostUserMessage message = new VhostUserMessage();

    @BeforeEach
    void connect() {
        listener = LocalListener.bind(folder.resolve("s"));
        wire = LocalSocket.connect(listener.path());
        frontEnd = new VhostUserSocket(wire);
        backEnd = listener.accept().map(VhostUserSocket::new).orElseThrow();
    }

    @AfterEach
    void close() {
        frontEnd.close();
        backEnd.close();
        listener.close();
        listener.free();
    }

    @Test
    void messageWithDescriptor_arrivesWhole() {
        int memory = LibC.memfdCreate("test", 0);
        LibC.ftruncate(memory, 4096);

        frontEnd.send(message.request(VhostUserRequest.SET_VRING_KICK, 8)
                .u64(0, 3)
                .attachFd(memory)
                .needReply());
        LibC.close(memory);
        VhostUserMessage received = new VhostUserMessage();

        assertThat(backEnd.receive(received, SOON_NS)).isTrue();
        assertThat(VhostUserRequest.of(received.id())).contains(VhostUserRequest.SET_VRING_KICK);
        assertThat(received.rightVersion()).isTrue();
        assertThat(received.isReply()).isFalse();
        assertThat(received.needsReply()).isTrue();
        assertThat(received.payloadBytes()).isEqualTo(8);
        assertThat(received.u64(0)).isEqualTo(3);
        assertThat(received.fdCount()).isEqualTo(1);
        int fd = received.takeFd(0);
        assertThat(LibC.size(fd)).isEqualTo(4096);
        assertThat(received.takeFd(0)).isEqualTo(VhostUserMessage.NO_FD);
        LibC.close(fd);
    }

    @Test
    void reply_carriesNumberAndFlag() {
        message.request(VhostUserRequest.GET_FEATURES, 0);

        backEnd.send(message.reply(8).u64(0, -1L));
        VhostUserMessage received = new VhostUserMessage();

        assertThat(frontEnd.receive(received, SOON_NS)).isTrue();
        assertThat(received.id()).isEqualTo(VhostUserRequest.GET_FEATURES.id());
        assertThat(received.isReply()).isTrue();
        assertThat(received.u64(0)).isEqualTo(-1L);
    }

    @Test
    void peerHangsUpBetweenMessages_receiveSaysSo() {
        frontEnd.close();

        assertThat(backEnd.receive(message, SOON_NS)).isFalse();
    }

    @Test
    void peerHangsUpInTheMiddle_isAnError() {
        sendRaw(new byte[] {1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 9});
        frontEnd.close();

        assertThatThrownBy(() -> backEnd.receive(message, SOON_NS))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("in the middle of message 1");
    }

    @Test
    void hugePayload_isAnError() {
        sendRaw(new byte[] {1, 0, 0, 0, 1, 0, 0, 0, -1, -1, -1, -1});

        assertThatThrownBy(() -> backEnd.receive(message, SOON_NS))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("4294967295 bytes");
    }

    @Test
    void nothingComes_timesOut() {
        assertThatThrownBy(() -> backEnd.receive(message, SOON_NS))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("sent nothing for 20 ms");
    }

    @Test
    void hangUpFromAnotherThread_endsReceive() throws InterruptedException {
        Thread other = Thread.ofPlatform().start(backEnd::hangUp);

        assertThat(backEnd.receive(message, VhostUserSocket.FOREVER)).isFalse();
        other.join();
    }

    @Test
    void liveServerOnTheSocket_isRefused() {
        assertThatThrownBy(() -> LocalListener.bind(listener.path()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a server already listens on");
    }

    @Test
    void serverThatAcceptsNobody_isRefusedInsteadOfWaitedFor() {
        List<VhostUserSocket> queued = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            queued.add(VhostUserSocket.connect(listener.path()));
                        }
                    })
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("EAGAIN")
                    .hasMessageContaining("has other connections to serve first");
            assertThatThrownBy(() -> LocalListener.bind(listener.path()))
                    .hasMessageContaining("a server already listens on");
        } finally {
            queued.forEach(VhostUserSocket::close);
        }
    }

    @Test
    void fileThatIsNoSocket_isRefused() throws java.io.IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> LocalListener.bind(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a socket");
        assertThat(file).hasContent("x");
    }

    @Test
    void socketOfAKilledServer_isReplaced() throws java.io.IOException {
        Path path = folder.resolve("stale");
        try (var channel = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            channel.bind(java.net.UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();

        LocalListener next = LocalListener.bind(path);
        next.close();
        next.free();

        assertThat(path).doesNotExist();
    }

    @Test
    void pathTooLong_isRefused() {
        Path path = folder.resolve("x".repeat(120));

        assertThatThrownBy(() -> LocalListener.bind(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer than 107 bytes");
    }

    private void sendRaw(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            message.u8(i - VhostUserMessage.HEADER_BYTES, bytes[i]);
        }
        wire.send(message, bytes.length);
    }
}
