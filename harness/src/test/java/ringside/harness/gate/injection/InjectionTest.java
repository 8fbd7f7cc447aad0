package ringside.harness.gate.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.eventloop.BigLock;

class InjectionTest {
    @TempDir
    private Path folder;

    private static byte[] original(String className) throws IOException {
        try (InputStream in = BigLock.class.getResourceAsStream("/" + className + ".class")) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(Injection.Kind.class)
    void classWithADelay_isValidAndCallsIt(Injection.Kind kind) throws IOException {
        byte[] before = original(kind.className());

        byte[] after = kind.inject(before, 300);

        assertThat(calls(before)).isZero();
        assertThat(calls(after)).isPositive();
        ClassFile format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(BigLock.class.getClassLoader())));
        assertThat(format.verify(after)).isEmpty();
    }

    private static long calls(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(element -> element instanceof InvokeInstruction call
                        && call.owner().asInternalName().endsWith("/Delay"))
                .count();
    }

    @Test
    void copyOfADistribution_holdsTheDelayInItsJarOnly() throws Exception {
        Path lib = Files.createDirectories(folder.resolve("from/lib"));
        String lock = Injection.Kind.LOCK.className() + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(lib.resolve("emulator.jar")))) {
            jar.putNextEntry(new JarEntry(lock));
            jar.write(original(Injection.Kind.LOCK.className()));
        }
        Files.writeString(folder.resolve("from/ringside"), "#!/bin/sh\n");
        Files.writeString(folder.resolve("from/ringside.aot"), "cache");

        Injection.slowDown(folder.resolve("from"), folder.resolve("to"), Injection.Kind.LOCK, 2_000_000);

        assertThat(folder.resolve("to/ringside")).exists();
        assertThat(folder.resolve("to/ringside.aot")).doesNotExist();
        // Its parent knows every class but not these two, so that the copy's own are loaded.
        URL jar = folder.resolve("to/lib/emulator.jar").toUri().toURL();
        try (SlowFirst loader = new SlowFirst(jar, lock.replace('/', '.').replace(".class", ""))) {
            Class<?> slow = loader.loadClass(BigLock.class.getName());
            AutoCloseable held =
                    (AutoCloseable) slow.getConstructor(boolean.class).newInstance(false);
            long start = System.nanoTime();
            slow.getMethod("lock").invoke(held);
            slow.getMethod("unlock").invoke(held);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
            held.close();
        }
    }

    /** Looks at its own jar first for one class. */
    private static final class SlowFirst extends URLClassLoader {
        private final String own;

        SlowFirst(URL jar, String own) {
            super(new URL[] {jar}, InjectionTest.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(own)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
