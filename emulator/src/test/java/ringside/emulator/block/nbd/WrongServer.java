package ringside.emulator.block.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server on a port of this host that does exactly what a test says, right or wrong. */
final class WrongServer implements AutoCloseable {
    private final ServerSocket listener;

    /** What is done with a connection. */
    interface Script {
        void run(DataInputStream in, DataOutputStream out) throws IOException;
    }

    WrongServer(Script script) throws IOException {
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("wrong-server").start(() -> serve(script));
    }

    private void serve(Script script) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                script.run(
                        new DataInputStream(socket.getInputStream()), new DataOutputStream(socket.getOutputStream()));
            } catch (IOException _) {
                // The client has gone, which is what most scripts are about.
            }
        }
    }

    String address() {
        return "localhost:" + listener.getLocalPort();
    }

    /** A right handshake of a server that knows nothing beyond reads and writes of 1 MiB. */
    static void plainHandshake(DataInputStream in, DataOutputStream out, int flags) throws IOException {
        greet(in, out);
        while (true) {
            int option = option(in);
            if (option == Nbd.OPT_GO) {
                reply(out, option, Nbd.REP_INFO, 12);
                out.writeShort(Nbd.INFO_EXPORT);
                out.writeLong(1 << 20);
                out.writeShort(flags);
                reply(out, option, Nbd.REP_ACK, 0);
                return;
            }
            reply(out, option, Nbd.REP_ERR_UNSUP, 0);
        }
    }

    /** The same with structured replies. */
    static void structuredHandshake(DataInputStream in, DataOutputStream out) throws IOException {
        greet(in, out);
        reply(out, option(in), Nbd.REP_ACK, 0);
        reply(out, option(in), Nbd.REP_ERR_UNSUP, 0);
        int go = option(in);
        reply(out, go, Nbd.REP_INFO, 12);
        out.writeShort(Nbd.INFO_EXPORT);
        out.writeLong(1 << 20);
        out.writeShort(1);
        reply(out, go, Nbd.REP_ACK, 0);
    }

    static void greet(DataInputStream in, DataOutputStream out) throws IOException {
        out.writeLong(Nbd.MAGIC);
        out.writeLong(Nbd.OPTION_MAGIC);
        out.writeShort(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES);
        in.readInt();
    }

    static int option(DataInputStream in) throws IOException {
        in.readLong();
        int option = in.readInt();
        in.skipNBytes(in.readInt());
        return option;
    }

    static void reply(DataOutputStream out, int option, int type, int length) throws IOException {
        out.writeLong(Nbd.OPTION_REPLY_MAGIC);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(length);
    }

    /** A command as it came. */
    record Command(int flags, int type, long cookie, long offset, int length) {}

    static Command command(DataInputStream in) throws IOException {
        in.readInt();
        return new Command(in.readShort(), in.readShort(), in.readLong(), in.readLong(), in.readInt());
    }

    static void chunk(DataOutputStream out, int flags, int type, long cookie, int length) throws IOException {
        out.writeInt(Nbd.CHUNK_MAGIC);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeInt(length);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
