package ringside.emulator.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.ffi.NativeMemory;

/** The rooms of the emulator and the direction of the arrows between them (docs/architecture.md). */
class ArchitectureTest {
    private static final String BASE = "ringside.emulator";

    /** What each room may use. A room is a package directly below the base, with its sub-packages. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("ffi", Set.of()),
            Map.entry("trace", Set.of()),
            Map.entry("localsocket", Set.of("ffi")),
            Map.entry("memory", Set.of("ffi")),
            Map.entry("virtqueue", Set.of("memory", "trace")),
            Map.entry("eventloop", Set.of("ffi", "trace")),
            Map.entry("aio", Set.of("ffi", "eventloop", "trace")),
            Map.entry("block", Set.of("aio", "eventloop", "ffi", "memory", "trace")),
            Map.entry("device", Set.of("virtqueue", "block", "eventloop", "memory", "trace")),
            Map.entry("pci", Set.of()),
            Map.entry("transport", Set.of("pci", "device", "virtqueue", "eventloop", "memory", "trace")),
            // The guest reaches devices through registers only; of device it knows the numbers (rule below). ffi and
            // eventloop are for the vCPU: it blocks on an eventfd.
            Map.entry(
                    "guest", Set.of("transport", "pci", "device", "virtqueue", "memory", "eventloop", "ffi", "trace")),
            Map.entry(
                    "vhostuser",
                    Set.of("localsocket", "guest", "device", "virtqueue", "memory", "eventloop", "ffi", "trace")),
            Map.entry("vfiouser", Set.of("localsocket", "pci", "memory", "eventloop", "ffi")),
            Map.entry(
                    "machine",
                    Set.of(
                            "vhostuser",
                            "vfiouser",
                            "localsocket",
                            "guest",
                            "transport",
                            "pci",
                            "device",
                            "block",
                            "aio",
                            "eventloop",
                            "virtqueue",
                            "memory",
                            "ffi",
                            "trace")));

    private static final JavaClasses EMULATOR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    static Set<String> rooms() {
        return new TreeSet<>(MAY_USE.keySet());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_usesOnlyRoomsBelowIt(String room) {
        String[] forbidden = rooms().stream()
                .filter(other -> !other.equals(room) && !MAY_USE.get(room).contains(other))
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new);

        if (forbidden.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage(packagesOf(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(EMULATOR);
        }
    }

    private static String packagesOf(String room) {
        return BASE + "." + room + "..";
    }

    @Test
    void everyRoom_isInTheTable() {
        Set<String> found = new TreeSet<>();
        EMULATOR.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(BASE + "."))
                .map(name -> name.substring(BASE.length() + 1).split("\\.")[0])
                .forEach(found::add);

        assertThat(found).isEqualTo(rooms());
    }

    /** Rooms, not packages: aio makes the engine of aio.uring, which implements an interface of aio. */
    @Test
    void rooms_haveNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(EMULATOR);
    }

    @Test
    void deviceFolders_doNotUseEachOther() {
        // With a single device type nothing can be wrong yet, hence no failure on an empty set.
        slices().matching(BASE + ".device.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(EMULATOR);
    }

    /** The two sides of the protocol share the codec and nothing else; a back-end is no guest, a front-end no device. */
    @Test
    void vhostUserServerAndClient_doNotUseEachOther() {
        slices().matching(BASE + ".vhostuser.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(EMULATOR);
        noClasses()
                .that()
                .resideInAPackage(BASE + ".vhostuser.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packagesOf("guest"))
                .allowEmptyShould(true)
                .check(EMULATOR);
    }

    @Test
    void emulator_dependsOnTheJdkOnly_butForZstd() {
        classes()
                .that(not(name(BASE + ".block.qcow2.ZstdCodec")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(BASE + "..", "java..", "jdk.."))
                .check(EMULATOR);
    }

    @Test
    void onlyFfi_usesTheLinker() {
        noClasses()
                .that(not(resideInAPackage(packagesOf("ffi"))))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .check(EMULATOR);
    }

    /** The one way to make a segment out of a number lies in one class, with a justification for each use. */
    @Test
    void onlyNativeMemory_reinterprets() {
        noClasses()
                .that(not(type(NativeMemory.class)))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "MemorySegment.reinterpret is called",
                        call -> name("reinterpret").test(call.getTarget())
                                && owner(type(MemorySegment.class)).test(call.getTarget())))
                .check(EMULATOR);
    }

    /** A driver knows a device by the numbers of the specification, never by its classes. */
    @Test
    void guest_knowsOnlyTheNumbersOfADevice() {
        noClasses()
                .that()
                .resideInAPackage(packagesOf("guest"))
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + ".device.(*)..").and(not(type(BlkConstants.class))))
                .check(EMULATOR);
    }

    /** Who takes the lock is decided by the transport and the machine, so that handlers cannot differ between presets. */
    @Test
    void handlersAndEngines_doNotKnowTheBigLock() {
        noClasses()
                .that()
                .resideInAnyPackage(packagesOf("device"), packagesOf("block"), packagesOf("aio"), packagesOf("guest"))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(BigLock.class)
                .check(EMULATOR);
    }

    @Test
    void uring_isReachedThroughAioOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packagesOf("aio"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + ".aio.uring..")
                .check(EMULATOR);
    }

    /**
     * Nothing is extended by accident. The exceptions: EventLoop is sealed (main loop and IOThread share their
     * bookkeeping in one object), BottomHalf is an intrusive list node that its user extends to save an object,
     * FdMessage what two protocols have in common.
     */
    @Test
    void classes_areFinal() {
        List<String> open =
                List.of(BASE + ".eventloop.EventLoop", BASE + ".eventloop.BottomHalf", BASE + ".localsocket.FdMessage");

        classes()
                .that(not(INTERFACES))
                .and()
                .areTopLevelClasses()
                .and()
                .areNotEnums()
                .and(DescribedPredicate.describe("are not extensible by intent", c -> !open.contains(c.getName())))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(EMULATOR);
    }

    @Test
    void table_isWithoutCyclesAndComplete() {
        assertThat(MAY_USE.values().stream().flatMap(Set::stream)).isSubsetOf(rooms());
        assertThat(Arrays.asList("ffi", "trace"))
                .allSatisfy(leaf -> assertThat(MAY_USE.get(leaf)).isEmpty());
    }
}
