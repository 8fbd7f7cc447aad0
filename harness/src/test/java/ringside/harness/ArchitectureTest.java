package ringside.harness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ringside.harness");

    @Test
    void rooms_areFreeOfCycles() {
        slices().matching("ringside.harness.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void results_useNoOtherRoom() {
        noClasses()
                .that()
                .resideInAPackage("ringside.harness.results")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ringside.harness.cli..",
                        "ringside.harness.run..",
                        "ringside.harness.suite..",
                        "ringside.harness.sweep..",
                        "ringside.harness.stats..",
                        "ringside.harness.observe..",
                        "ringside.emulator..",
                        "ringside.workloads..")
                .check(CLASSES);
    }

    @Test
    void statistics_useResultsOnly() {
        noClasses()
                .that()
                .resideInAPackage("ringside.harness.stats")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ringside.harness.cli..",
                        "ringside.harness.run..",
                        "ringside.harness.suite..",
                        "ringside.harness.sweep..",
                        "ringside.harness.observe..",
                        "ringside.emulator..",
                        "ringside.workloads..")
                .check(CLASSES);
    }

    @Test
    void trend_usesResultsAndStatisticsOnly() {
        noClasses()
                .that()
                .resideInAPackage("ringside.harness.trend")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ringside.harness.cli..",
                        "ringside.harness.run..",
                        "ringside.harness.suite..",
                        "ringside.harness.sweep..",
                        "ringside.harness.observe..",
                        "ringside.emulator..",
                        "ringside.workloads..")
                .check(CLASSES);
    }

    @Test
    void gate_usesResultsStatisticsAndTheYamlReaderOnly() {
        noClasses()
                .that()
                .resideInAPackage("ringside.harness.gate")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ringside.harness.cli..",
                        "ringside.harness.run..",
                        "ringside.harness.sweep..",
                        "ringside.harness.observe..",
                        "ringside.emulator..",
                        "ringside.workloads..")
                .check(CLASSES);
    }

    @Test
    void harness_doesNotKnowItsReports() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ringside.reports..")
                .check(CLASSES);
    }

    @Test
    void machine_isKnownToTheRunRoomOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("ringside.harness.run..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("ringside.emulator.machine.Machine")
                .check(CLASSES);
    }
}
