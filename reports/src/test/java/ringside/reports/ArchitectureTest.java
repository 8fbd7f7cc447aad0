package ringside.reports;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ringside.reports");

    @Test
    void reports_knowOnlyResultsStatisticsAndTheInterface() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ringside.emulator..",
                        "ringside.workloads..",
                        "ringside.harness.cli..",
                        "ringside.harness.run..",
                        "ringside.harness.suite..")
                .check(CLASSES);
    }

    @Test
    void model_knowsNeitherChartsNorPages() {
        noClasses()
                .that()
                .resideInAPackage("..reports.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..reports.chart..", "..reports.page..", "..reports.render..", "tech.tablesaw..")
                .check(CLASSES);
    }

    @Test
    void plotLibrary_isKnownByTwoClasses() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("TablesawFigures")
                .and()
                .haveSimpleNameNotStartingWith("JsonTrace")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tech.tablesaw..")
                .check(CLASSES);
    }
}
