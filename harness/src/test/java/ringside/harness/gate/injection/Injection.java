package ringside.harness.gate.injection;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Makes a copy of an unpacked distribution that is slower by a known cause: the byte code of one method is changed. The
 * program itself has no hook for this, so that nothing can switch it on by accident and nothing is paid for it.
 *
 * <p>{@code Injection KIND AMOUNT FROM TO}
 */
public final class Injection {
    private static final ClassDesc DELAY = ClassDesc.of(Delay.class.getName());
    private static final MethodTypeDesc INT_TO_VOID = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
    private static final MethodTypeDesc INT_TO_BOOLEAN =
            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_int);

    /** What makes it slower. */
    public enum Kind {
        /** Busy for so many nanoseconds in each section of the big lock. */
        LOCK("ringside/emulator/eventloop/BigLock", "lock") {
            @Override
            void atReturn(CodeBuilder code, int amount) {
                code.loadConstant(amount).invokestatic(DELAY, "spin", INT_TO_VOID);
            }
        },
        /** One more copy of so many bytes for each request. */
        COPY("ringside/emulator/device/blk/BlkRequestExecutor", "execute") {
            @Override
            void atReturn(CodeBuilder code, int amount) {
                code.loadConstant(amount).invokestatic(DELAY, "copy", INT_TO_VOID);
            }
        },
        /** Of every so many requests one is handed to the kernel at once, with a system call of its own. */
        BATCHING("ringside/emulator/aio/uring/IoUringEngine", "submit") {
            @Override
            void atReturn(CodeBuilder code, int amount) {
                code.loadConstant(amount)
                        .invokestatic(DELAY, "isDue", INT_TO_BOOLEAN)
                        .ifThen(then -> then.aload(0)
                                .invokevirtual(
                                        ClassDesc.ofInternalName(className()), "commit", ConstantDescs.MTD_void));
            }
        };

        private final String className;
        private final String method;

        Kind(String className, String method) {
            this.className = className;
            this.method = method;
        }

        /** Internal name of the class that is changed. */
        String className() {
            return className;
        }

        abstract void atReturn(CodeBuilder code, int amount);

        /**
         * The class with the delay in it.
         *
         * @throws IllegalArgumentException if it no longer has the method
         */
        byte[] inject(byte[] original, int amount) {
            ClassFile format = ClassFile.of();
            ClassModel model = format.parse(original);
            if (model.methods().stream().noneMatch(one -> one.methodName().equalsString(method))) {
                throw new IllegalArgumentException(
                        className + " has no method " + method + ": change Injection with it");
            }
            CodeTransform beforeReturn = (CodeBuilder code, CodeElement element) -> {
                if (element instanceof ReturnInstruction) {
                    atReturn(code, amount);
                }
                code.with(element);
            };
            return format.transformClass(
                    model,
                    ClassTransform.transformingMethodBodies(
                            one -> one.methodName().equalsString(method), beforeReturn));
        }
    }

    private Injection() {}

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        Kind kind = Kind.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        slowDown(Path.of(arguments[2]), Path.of(arguments[3]), kind, Integer.parseInt(arguments[1]));
    }

    /** Copies a distribution; its jar with the kind's class gets the delay. */
    static void slowDown(Path from, Path to, Kind kind, int amount) throws IOException {
        for (Path file : filesOf(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            if (has(file, kind)) {
                rewrite(file, target, kind, amount);
            } else {
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            // The cache of classes belongs to the jars as they were.
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".aot"))
                    .toList();
        }
    }

    private static boolean has(Path file, Kind kind) throws IOException {
        if (!file.toString().endsWith(".jar")) {
            return false;
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getEntry(kind.className() + ".class") != null;
        }
    }

    private static void rewrite(Path from, Path to, Kind kind, int amount) throws IOException {
        try (JarFile jar = new JarFile(from.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
            for (JarEntry entry : new ArrayList<>(jar.stream().toList())) {
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    boolean changed = entry.getName().equals(kind.className() + ".class");
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(changed ? kind.inject(bytes, amount) : bytes);
                }
            }
            String delay = Delay.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(delay));
            try (InputStream in = Delay.class.getResourceAsStream("/" + delay)) {
                out.write(in.readAllBytes());
            }
        }
    }
}
