package ringside.emulator.block;

import java.nio.file.Path;
import ringside.emulator.ffi.Errno;

/** One-line messages about images, each with the remedy. */
final class ImageErrors {
    private ImageErrors() {}

    static IllegalArgumentException cannotOpen(BlockNodeSpec.Raw spec, int errno) {
        String remedy = switch (errno) {
            case Errno.ENOENT -> "give the path of an existing raw image";
            case Errno.EACCES, Errno.EPERM -> "check the permissions of the file";
            case Errno.EISDIR -> "it is a directory; give the path of a raw image";
            case Errno.EROFS -> "the file system is read-only; open the image read-only";
            case Errno.EINVAL -> "this file system has no O_DIRECT; use cache=writeback or another file system";
            default -> "check the path";
        };
        return error(
                spec.file(),
                "cannot be opened with cache=" + spec.cache().label() + ": " + Errno.describe(errno) + "; " + remedy);
    }

    static IllegalArgumentException error(Path image, String text) {
        return new IllegalArgumentException("image " + image + ": " + text);
    }
}
