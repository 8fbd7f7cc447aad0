package ringside.emulator.block.nbd;

/** Numbers of the NBD protocol (NetworkBlockDevice/nbd: doc/proto.md). All fields are big-endian. */
final class Nbd {
    static final long MAGIC = 0x4e42444d41474943L;
    static final long OPTION_MAGIC = 0x49484156454f5054L;
    static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;
    static final int REQUEST_MAGIC = 0x25609513;
    static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    static final int CHUNK_MAGIC = 0x668e33ef;

    static final int FLAG_FIXED_NEWSTYLE = 1;
    static final int FLAG_NO_ZEROES = 2;

    static final int OPT_GO = 7;
    static final int OPT_STRUCTURED_REPLY = 8;
    static final int OPT_SET_META_CONTEXT = 10;

    static final int REP_ACK = 1;
    static final int REP_INFO = 3;
    static final int REP_META_CONTEXT = 4;
    static final int REP_ERR = 1 << 31;
    static final int REP_ERR_UNSUP = REP_ERR | 1;
    static final int REP_ERR_TLS_REQD = REP_ERR | 5;
    static final int REP_ERR_UNKNOWN = REP_ERR | 6;

    static final int INFO_EXPORT = 0;
    static final int INFO_BLOCK_SIZE = 3;

    static final int SEND_READ_ONLY = 1 << 1;
    static final int SEND_FLUSH = 1 << 2;
    static final int SEND_FUA = 1 << 3;
    static final int SEND_TRIM = 1 << 5;
    static final int SEND_WRITE_ZEROES = 1 << 6;

    static final short CMD_READ = 0;
    static final short CMD_WRITE = 1;
    static final short CMD_DISC = 2;
    static final short CMD_FLUSH = 3;
    static final short CMD_TRIM = 4;
    static final short CMD_WRITE_ZEROES = 6;
    static final short CMD_BLOCK_STATUS = 7;

    static final short CMD_FLAG_FUA = 1;
    static final short CMD_FLAG_NO_HOLE = 2;
    static final short CMD_FLAG_REQ_ONE = 8;

    static final int CHUNK_DONE = 1;
    static final int CHUNK_NONE = 0;
    static final int CHUNK_OFFSET_DATA = 1;
    static final int CHUNK_OFFSET_HOLE = 2;
    static final int CHUNK_BLOCK_STATUS = 5;
    static final int CHUNK_ERROR = 0x8001;
    static final int CHUNK_ERROR_OFFSET = 0x8002;

    static final int STATE_HOLE = 1;
    static final int STATE_ZERO = 2;

    static final int REQUEST_BYTES = 28;

    /** What a server takes and gives at once when it says nothing else. */
    static final int MAX_PAYLOAD_BYTES = 32 << 20;

    static final int DEFAULT_PORT = 10809;

    private Nbd() {}
}
