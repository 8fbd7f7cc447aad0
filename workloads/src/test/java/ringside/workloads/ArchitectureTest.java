package ringside.workloads;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "ringside.workloads.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ringside.workloads");

    @Test
    void rooms_haveNoCycles() {
        slices().matching("ringside.workloads.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void jobs_knowOnlyTraces() {
        mayUseOnly("job", "job", "trace");
    }

    @Test
    void patterns_knowNoOtherRoom() {
        mayUseOnly("pattern", "pattern");
    }

    @Test
    void latency_knowsOnlyUnits() {
        mayUseOnly("latency", "latency", "unit");
    }

    @Test
    void verify_knowsJobsUnitsAndPatterns() {
        mayUseOnly("verify", "verify", "job", "unit", "pattern");
    }

    @Test
    void traces_knowNoOtherRoom() {
        mayUseOnly("trace", "trace");
    }

    @Test
    void content_knowsOnlyPatterns() {
        mayUseOnly("content", "content", "pattern");
    }

    @Test
    void targets_knowOnlyUnits() {
        mayUseOnly("target", "target", "unit");
    }

    @Test
    void load_doesNotKnowTheRunner() {
        mayUseOnly("load", "load", "job", "pattern", "content", "trace", "verify", "latency", "target", "unit");
    }

    @Test
    void onlyTargetsLatencyAndConformance_useTheEmulator() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "target..", ROOT + "latency..", ROOT + "conformance..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ringside.emulator..")
                .check(CLASSES);
    }

    @Test
    void classes_areNotOpenForExtension() {
        classes()
                .that()
                .areNotInterfaces()
                .should(new ArchCondition<>("be final or sealed or abstract enum bodies") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                                || type.isEnum()
                                || type.reflect().isSealed()
                                || type.isAnonymousClass();
                        events.add(new SimpleConditionEvent(
                                type, closed, type.getName() + " is neither final nor sealed"));
                    }
                })
                .check(CLASSES);
    }

    private static void mayUseOnly(String room, String... rooms) {
        String[] allowed = new String[rooms.length];
        for (int i = 0; i < rooms.length; i++) {
            allowed[i] = ROOT + rooms[i] + "..";
        }
        noClasses()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.and(
                        JavaClass.Predicates.resideInAPackage("ringside.workloads.."),
                        JavaClass.Predicates.resideOutsideOfPackages(allowed)))
                .check(CLASSES);
    }
}
