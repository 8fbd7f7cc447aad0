package ringside.harness.export;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/** Writes results in a form that other tools read. */
public final class Export {
    private final RunFolder folder;
    private final List<RunResult> runs;
    private final ExportFormat format;

    /**
     * @param folder results
     * @param cell only this cell; empty for all
     * @throws HarnessException when there is nothing to write
     */
    public Export(RunFolder folder, String cell, ExportFormat format) {
        this.folder = folder;
        this.format = format;
        this.runs = folder.results().stream()
                .filter(run -> cell.isEmpty() || run.cell().equals(cell))
                .toList();
        if (runs.isEmpty()) {
            throw HarnessException.badInput(
                    folder.directory() + " has no finished run" + (cell.isEmpty() ? "" : " of a cell '" + cell + "'"));
        }
    }

    /**
     * Writes to a stream.
     *
     * @throws HarnessException when each run is a document of its own and there are several
     */
    public void write(PrintWriter out) {
        if (format.perRun() && runs.size() > 1) {
            throw HarnessException.badInput(format.label() + " is a document per run, and there are " + runs.size()
                    + " runs: name a folder with --out");
        }
        format.write(folder, runs, out);
        out.flush();
    }

    /**
     * Writes to a file, or to one per run in a folder.
     *
     * @return the files
     */
    public List<Path> write(Path target) {
        if (!format.perRun()) {
            AtomicFiles.write(target, text(runs));
            return List.of(target);
        }
        if (Files.isRegularFile(target)) {
            throw HarnessException.badInput(
                    target + " is a file: " + format.label() + " is a document per run and needs a folder");
        }
        return runs.stream().map(run -> writeOne(target, run)).toList();
    }

    private Path writeOne(Path target, RunResult run) {
        Path file =
                target.resolve("%04d-%s-r%d.%s".formatted(run.order(), run.cell(), run.repetition(), format.suffix()));
        AtomicFiles.write(file, text(List.of(run)));
        return file;
    }

    private String text(List<RunResult> some) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        format.write(folder, some, out);
        out.flush();
        return text.toString();
    }
}
