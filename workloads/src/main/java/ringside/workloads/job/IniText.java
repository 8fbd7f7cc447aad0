package ringside.workloads.job;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a job file, with errors in the words of its user. */
final class IniText {
    private IniText() {}

    static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new JobFileException(file, "no such job file");
        } catch (CharacterCodingException e) {
            throw new JobFileException(file, "not a text file in UTF-8");
        } catch (IOException e) {
            throw new JobFileException(file, "cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
