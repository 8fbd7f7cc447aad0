package ringside.workloads.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import ringside.workloads.conformance.chapter.Chapters;
import ringside.workloads.conformance.chapter.ConformanceTest;

class CatalogueTest {
    private static final Catalogue CATALOGUE = Catalogue.standard();

    @Test
    void catalogue_hasTheStatementsInScope() {
        Map<Clause.Level, Long> counts =
                CATALOGUE.clauses().stream().collect(Collectors.groupingBy(Clause::level, Collectors.counting()));
        assertThat(counts)
                .containsEntry(Clause.Level.MUST, 56L)
                .containsEntry(Clause.Level.SHOULD, 13L)
                .containsEntry(Clause.Level.DRIVER, 101L);
    }

    @Test
    void citations_countWithinTheirSection() {
        assertThat(CATALOGUE.clause("D19").citation()).isEqualTo("VIRTIO-1.2 §2.7.7.2 #4");
        assertThat(CATALOGUE.clause("V01").citation()).isEqualTo("vhost-user SET_VRING_NUM");
    }

    @Test
    void unknownClause_isRefused() {
        assertThatThrownBy(() -> CATALOGUE.clause("D57")).hasMessageStartingWith("no clause D57: use D01 to D56");
    }

    @Test
    void everyDeviceStatement_hasATest() {
        Set<String> tested = Chapters.tests().stream()
                .filter(test -> !test.hostile())
                .flatMap(test -> test.clauses().stream())
                .collect(Collectors.toSet());
        assertThat(CATALOGUE.clauses().stream()
                        .filter(c -> c.level() == Clause.Level.MUST || c.level() == Clause.Level.SHOULD)
                        .map(Clause::id))
                .allMatch(tested::contains);
    }

    @Test
    void everyTest_citesStatementsThatExist_andHostileOnesOfDrivers() {
        assertThat(Chapters.tests())
                .allSatisfy(test -> assertThat(test.clauses())
                        .isNotEmpty()
                        .allMatch(id -> CATALOGUE.find(id).isPresent()));
        assertThat(Chapters.tests().stream().filter(ConformanceTest::hostile).map(test -> test.clauses() + test.name()))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(60);
    }
}
