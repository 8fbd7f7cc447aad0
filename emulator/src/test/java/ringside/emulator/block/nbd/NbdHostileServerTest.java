package ringside.emulator.block.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.block.filter.FilterFixture;
import ringside.emulator.ffi.Errno;

/** Servers that lie end in an error, never in a hang, a crash or data outside the buffers. */
class NbdHostileServerTest {
    private static NbdSpec to(WrongServer server) {
        return new NbdSpec(server.address(), "", false, 0);
    }

    /** What a server answers to the first command of a connection whose replies are structured. */
    private interface Answer {
        void give(DataOutputStream out, WrongServer.Command command) throws IOException;
    }

    private static Map<String, Answer> answers() {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("no magic", (out, _) -> out.writeLong(1));
        answers.put("unknown cookie", (out, c) -> WrongServer.chunk(out, 1, Nbd.CHUNK_NONE, c.cookie() + 1, 0));
        answers.put("negative cookie", (out, _) -> WrongServer.chunk(out, 1, Nbd.CHUNK_NONE, -1, 0));
        answers.put("end without data", (out, c) -> WrongServer.chunk(out, 1, Nbd.CHUNK_NONE, c.cookie(), 0));
        answers.put("simple reply", (out, c) -> {
            out.writeInt(Nbd.SIMPLE_REPLY_MAGIC);
            out.writeInt(0);
            out.writeLong(c.cookie());
        });
        answers.put("data before the range", (out, c) -> data(out, c, c.offset() - 512, 512));
        answers.put("data behind the range", (out, c) -> data(out, c, c.offset() + 512, 4096));
        answers.put("data far away", (out, c) -> data(out, c, Long.MIN_VALUE, 512));
        answers.put("more data than asked for", (out, c) -> data(out, c, c.offset(), 8192));
        answers.put("data of 4 GiB", (out, c) -> {
            WrongServer.chunk(out, 0, Nbd.CHUNK_OFFSET_DATA, c.cookie(), -1);
            out.writeLong(c.offset());
        });
        answers.put("data twice", (out, c) -> {
            data(out, c, c.offset(), 4096);
            data(out, c, c.offset(), 4096);
        });
        answers.put("hole of 4 GiB", (out, c) -> {
            WrongServer.chunk(out, 1, Nbd.CHUNK_OFFSET_HOLE, c.cookie(), 12);
            out.writeLong(c.offset());
            out.writeInt(-1);
        });
        answers.put(
                "hole chunk of no length", (out, c) -> WrongServer.chunk(out, 1, Nbd.CHUNK_OFFSET_HOLE, c.cookie(), 0));
        answers.put(
                "block status to a read",
                (out, c) -> WrongServer.chunk(out, 1, Nbd.CHUNK_BLOCK_STATUS, c.cookie(), 12));
        answers.put("error text of 4 GiB", (out, c) -> WrongServer.chunk(out, 1, Nbd.CHUNK_ERROR, c.cookie(), -1));
        answers.put("error without an error", (out, c) -> {
            WrongServer.chunk(out, 1, Nbd.CHUNK_ERROR, c.cookie(), 6);
            out.writeInt(0);
            out.writeShort(0);
        });
        answers.put("unknown chunk", (out, c) -> WrongServer.chunk(out, 1, 77, c.cookie(), 8));
        answers.put("hang-up", (_, _) -> {});
        return answers;
    }

    private static void data(DataOutputStream out, WrongServer.Command command, long offset, int bytes)
            throws IOException {
        WrongServer.chunk(out, 0, Nbd.CHUNK_OFFSET_DATA, command.cookie(), 8 + bytes);
        out.writeLong(offset);
        out.write(new byte[bytes]);
    }

    @TestFactory
    @Timeout(60)
    Stream<DynamicTest> wrongAnswers_endTheRequestWithAnError() {
        return answers().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    try (WrongServer server = new WrongServer((in, out) -> {
                                WrongServer.structuredHandshake(in, out);
                                entry.getValue().give(out, WrongServer.command(in));
                            });
                            FilterFixture f = new FilterFixture(to(server))) {
                        assertThat(f.run(BlockOp.READ, 4096, 4096, f.filled(4096, 1)))
                                .isEqualTo(Errno.EIO);
                    }
                }));
    }

    @Test
    void errorsOfTheServer_areTheRequests() throws IOException {
        try (WrongServer server = new WrongServer((in, out) -> {
                    WrongServer.structuredHandshake(in, out);
                    while (true) {
                        WrongServer.Command c = WrongServer.command(in);
                        WrongServer.chunk(out, 1, Nbd.CHUNK_ERROR, c.cookie(), 6);
                        out.writeInt(c.offset() == 0 ? Errno.ENOSPC : 9999);
                        out.writeShort(0);
                    }
                });
                FilterFixture f = new FilterFixture(to(server))) {
            assertThat(f.run(BlockOp.READ, 0, 512, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
            assertThat(f.run(BlockOp.READ, 512, 512, f.filled(512, 1))).isEqualTo(Errno.EIO);
        }
    }

    private static Map<String, WrongServer.Script> handshakes() {
        Map<String, WrongServer.Script> scripts = new LinkedHashMap<>();
        scripts.put("no NBD server", (_, out) -> out.writeBytes("SSH-2.0-OpenSSH_9.9 and more\r\n"));
        scripts.put("does not know fixed newstyle", (_, out) -> {
            out.writeLong(Nbd.MAGIC);
            out.writeLong(Nbd.OPTION_MAGIC);
            out.writeShort(0);
        });
        scripts.put("is not one", (in, out) -> {
            WrongServer.greet(in, out);
            WrongServer.reply(out, 99, Nbd.REP_ACK, 0);
        });
        scripts.put("is too long", (in, out) -> {
            WrongServer.greet(in, out);
            WrongServer.reply(out, WrongServer.option(in), Nbd.REP_INFO, Integer.MAX_VALUE);
        });
        scripts.put("does not stop answering", (in, out) -> {
            WrongServer.greet(in, out);
            int option = WrongServer.option(in);
            for (int i = 0; i < 10_000; i++) {
                WrongServer.reply(out, option, Nbd.REP_INFO, 0);
            }
        });
        scripts.put("does not say how large", (in, out) -> {
            WrongServer.greet(in, out);
            while (true) {
                WrongServer.reply(out, WrongServer.option(in), Nbd.REP_ACK, 0);
            }
        });
        scripts.put("2^63 bytes or more", (in, out) -> go(in, out, Nbd.INFO_EXPORT, -1));
        scripts.put("not a power of two", (in, out) -> go(in, out, Nbd.INFO_BLOCK_SIZE, 3L << 32));
        scripts.put("wants TLS", (in, out) -> {
            WrongServer.greet(in, out);
            while (true) {
                WrongServer.reply(out, WrongServer.option(in), Nbd.REP_ERR_TLS_REQD, 0);
            }
        });
        scripts.put("has closed the connection", (in, out) -> WrongServer.greet(in, out));
        return scripts;
    }

    private static void go(DataInputStream in, DataOutputStream out, int info, long value) throws IOException {
        WrongServer.greet(in, out);
        for (int option = WrongServer.option(in); option != Nbd.OPT_GO; option = WrongServer.option(in)) {
            WrongServer.reply(out, option, Nbd.REP_ERR_UNSUP, 0);
        }
        WrongServer.reply(out, Nbd.OPT_GO, Nbd.REP_INFO, 14);
        out.writeShort(info);
        out.writeLong(value);
        out.writeInt(0);
    }

    @TestFactory
    @Timeout(60)
    Stream<DynamicTest> wrongHandshakes_areRefusedInOneLine() {
        return handshakes().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    try (WrongServer server = new WrongServer(entry.getValue())) {
                        assertThatThrownBy(() -> BlockNodes.open(to(server)).close())
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageStartingWith("nbd: localhost:")
                                .hasMessageContaining(entry.getKey())
                                .message()
                                .doesNotContain("\n");
                    }
                }));
    }

    @Test
    void plainServer_getsPlainCommandsOnly() throws IOException {
        ConcurrentLinkedQueue<Integer> types = new ConcurrentLinkedQueue<>();
        byte[] disk = new byte[1 << 20];
        try (WrongServer server = new WrongServer((in, out) -> {
                    WrongServer.plainHandshake(in, out, 1);
                    while (true) {
                        WrongServer.Command c = WrongServer.command(in);
                        types.add(c.type());
                        if (c.type() == Nbd.CMD_WRITE) {
                            in.readFully(disk, (int) c.offset(), c.length());
                        }
                        out.writeInt(Nbd.SIMPLE_REPLY_MAGIC);
                        out.writeInt(0);
                        out.writeLong(c.cookie());
                        if (c.type() == Nbd.CMD_READ) {
                            out.write(disk, (int) c.offset(), c.length());
                        }
                    }
                });
                FilterFixture f = new FilterFixture(to(server))) {
            assertThat(f.write(0, f.filled(1 << 19, 7))).isZero();
            assertThat(f.run(BlockOp.WRITE_ZEROES, 4096, 200 << 10)).isZero();
            assertThat(f.run(BlockOp.DISCARD, 0, 4096)).isZero();
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
            FilterFixture.Request stable = f.new Request();
            stable.block.fua = true;
            stable.submit(BlockOp.WRITE, 512, 512, f.filled(512, 9));
            f.finish();
            assertThat(stable.error).isZero();
            assertThat(f.read(0, 512)).containsOnly(7);
            assertThat(f.read(4096, 200 << 10)).containsOnly(0);
            assertThat(f.node.status(0, 4096).data()).isTrue();
        }
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!types.contains((int) Nbd.CMD_DISC) && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait(); // the server reads it after the client has gone
        }
        assertThat(types).containsOnly((int) Nbd.CMD_READ, (int) Nbd.CMD_WRITE, (int) Nbd.CMD_DISC);
    }

    /** A stopped process keeps its connections. */
    @Test
    void serverThatNoLongerReads_isNotWaitedForAtTheEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (WrongServer server = new WrongServer((in, out) -> {
            WrongServer.plainHandshake(in, out, 1);
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            FilterFixture f = new FilterFixture(to(server));
            for (int i = 0; i < 16; i++) {
                f.submit(BlockOp.WRITE, 0, 1 << 20, f.filled(1 << 20, i));
            }
            f.backend.commit();
            Thread closing = Thread.ofPlatform().daemon().start(f.node::close);
            assertThat(closing.join(Duration.ofSeconds(60))).isTrue();
        } finally {
            ended.countDown();
        }
    }

    @Test
    void addressesThatAreNone_areRefused() {
        List<String> wrong = new ArrayList<>(List.of(":1", "host:port", "host:99999"));
        for (String server : wrong) {
            assertThatThrownBy(() -> BlockNodes.open(new NbdSpec(server, "", false, 0)))
                    .hasMessageContaining("is not unix:PATH or HOST:PORT");
        }
    }
}
