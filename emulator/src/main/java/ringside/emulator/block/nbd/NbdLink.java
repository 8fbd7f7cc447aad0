package ringside.emulator.block.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;

/** One connection to a server: buffered, blocking. One thread reads and one writes; any may close. */
final class NbdLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CONNECT_MS = 10_000;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private NbdLink(SocketChannel channel) {
        this.channel = channel;
    }

    /** @param server {@code unix:PATH} or {@code HOST:PORT} */
    static NbdLink connect(String server) throws IOException {
        SocketAddress address = address(server);
        boolean unix = address instanceof UnixDomainSocketAddress;
        SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            if (unix) {
                channel.connect(address);
            } else {
                channel.socket().connect(address, CONNECT_MS);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            return new NbdLink(channel);
        } catch (UnresolvedAddressException e) {
            channel.close();
            throw new IOException("no host of this name is known", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** @throws IllegalArgumentException when the text is neither of the two */
    static SocketAddress address(String server) {
        if (server.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(server.substring("unix:".length()));
        }
        int colon = server.lastIndexOf(':');
        String host = colon < 0 ? server : server.substring(0, colon);
        String port = colon < 0 ? Integer.toString(Nbd.DEFAULT_PORT) : server.substring(colon + 1);
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException(
                    "nbd: server '" + server + "' is not unix:PATH or HOST:PORT: name the socket or the address");
        }
        return new InetSocketAddress(host.replaceAll("^\\[|]$", ""), Integer.parseInt(port));
    }

    /** Makes at least so many bytes, few, readable in the buffer. */
    private void need(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return;
        }
        in.compact();
        while (in.position() < bytes) {
            receive(in);
        }
        in.flip();
    }

    private void receive(ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) {
            throw new EOFException("the server has closed the connection");
        }
    }

    int readInt() throws IOException {
        need(Integer.BYTES);
        return in.getInt();
    }

    long readLong() throws IOException {
        need(Long.BYTES);
        return in.getLong();
    }

    int readShort() throws IOException {
        need(Short.BYTES);
        return Short.toUnsignedInt(in.getShort());
    }

    /** Fills a buffer: what is there already is copied, the rest received in place. */
    void readFully(ByteBuffer into) throws IOException {
        int there = Math.min(in.remaining(), into.remaining());
        into.put(in.slice(in.position(), there));
        in.position(in.position() + there);
        while (into.hasRemaining()) {
            receive(into);
        }
    }

    byte[] readBytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        readFully(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The buffer for what is sent next, with room for so many bytes, few. */
    ByteBuffer room(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            flush();
        }
        return out;
    }

    /** Sends data behind what is in the buffer: little is gathered there, much goes as it is. */
    void write(ByteBuffer data) throws IOException {
        if (data.remaining() <= out.remaining() && data.remaining() < BUFFER_BYTES / 4) {
            out.put(data);
            return;
        }
        flush();
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is of no more use in any case.
        }
    }
}
