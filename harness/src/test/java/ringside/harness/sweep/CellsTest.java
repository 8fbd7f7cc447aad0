package ringside.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import ringside.harness.results.PlannedRun;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.suite.SuiteText;

class CellsTest {
    @Test
    void axes_areMultipliedWithoutExclusions() {
        List<Cell> cells = Cells.of(suite("""
                axes: {threading: [big-lock, iothread], disks: [1, 2]}
                exclude: [{threading: iothread, disks: 2}]
                """));

        assertThat(cells).extracting(Cell::id).containsExactly("big-lock_disks1", "big-lock_disks2", "iothread_disks1");
        assertThat(cells.get(1).label()).isEqualTo("big-lock disks=2");
        assertThat(cells.get(1).option(Option.QUEUE_SIZE)).isEqualTo("256");
    }

    @Test
    void adjustment_reachesOnlyItsCells() {
        List<Cell> cells = Cells.of(suite("""
                axes: {threading: [iothread, iothread-vq-mapping]}
                adjust: [{when: {threading: iothread-vq-mapping}, set: {queues: 2}}]
                """));

        assertThat(cells).extracting(cell -> cell.option(Option.QUEUES)).containsExactly("1", "2");
    }

    @Test
    void zippedAxes_advanceTogether() {
        SuiteSpec suite = suite("""
                axes: {threading: [big-lock, iothread]}
                zip: [{iothreads: [1, 2, 4], queues: [1, 2, 2]}]
                """);

        assertThat(Cells.of(suite))
                .extracting(Cell::id)
                .containsExactly(
                        "big-lock_iothreads1_queues1",
                        "big-lock_iothreads2_queues2",
                        "big-lock_iothreads4_queues2",
                        "iothread_iothreads1_queues1",
                        "iothread_iothreads2_queues2",
                        "iothread_iothreads4_queues2");
        assertThat(Cells.of(suite.with("queues", List.of("2"))))
                .extracting(cell -> cell.axes().get("iothreads"))
                .containsExactly("2", "4", "2", "4");
        assertThat(suite(SuiteText.of(suite))).isEqualTo(suite);
        assertThatThrownBy(() -> suite.with("queues", List.of("8")))
                .hasMessageContaining("queues advances together with iothreads and queues: choose among 1, 2, 2");
    }

    @Test
    void unequalZip_isRefused() {
        assertThatThrownBy(() -> suite("zip: [{iothreads: [1, 2], queues: [1, 2, 3]}]"))
                .hasMessageContaining("as many values each: 'queues' has 3");
        assertThatThrownBy(() -> suite("zip: [{iothreads: [1, 2]}]")).hasMessageContaining("two axes or more");
    }

    /** Polling is swept where something polls; what depends on polling goes with it. */
    @Test
    void dependentAxis_isSweptWhereItsConditionHolds() {
        SuiteSpec suite = suite("""
                axes:
                  threading: [big-lock, iothread]
                  poll-max-ns: {values: [0, 32us], when: {threading: iothread}}
                  poll-grow: {values: [2, 4], when: {poll-max-ns: 32us}}
                """);

        assertThat(Cells.of(suite))
                .extracting(Cell::id)
                .containsExactly(
                        "big-lock",
                        "iothread_poll-max-ns0",
                        "iothread_poll-max-ns32us_poll-grow2",
                        "iothread_poll-max-ns32us_poll-grow4");
        assertThat(suite(SuiteText.of(suite))).isEqualTo(suite);
        assertThatThrownBy(() -> suite("axes: {disks: {values: [1]}}")).hasMessageContaining("'values' and 'when'");
    }

    @Test
    void exclusionThatMatchesNothing_isRefused() {
        SuiteSpec suite = suite("axes: {disks: [1, 2]}\nexclude: [{disks: 3}]\n");

        assertThatThrownBy(() -> Cells.checkExclusions(suite)).hasMessageContaining("{disks: 3} matches no cell");
    }

    @Test
    void exclusionOutsideNarrowedAxes_isNoError() {
        SuiteSpec suite = suite("axes: {disks: [1, 2, 3]}\nexclude: [{disks: 3}]\n");

        assertThat(Cells.of(suite.with(Option.DISKS, List.of("1")))).hasSize(1);
    }

    @Test
    void everythingExcluded_isRefused() {
        SuiteSpec suite = suite("axes: {disks: [1, 2]}\nexclude: [{driver: raw}]\n");

        assertThatThrownBy(() -> Cells.of(suite)).hasMessageContaining("all 2 cells are excluded");
    }

    @Test
    void sameSeed_givesSamePlan() {
        List<Cell> cells = Cells.of(SuiteFile.load("whitepaper"));

        assertThat(SweepPlan.of(cells, 3, 5)).isEqualTo(SweepPlan.of(cells, 3, 5));
        assertThat(SweepPlan.of(cells, 3, 5)).isNotEqualTo(SweepPlan.of(cells, 3, 6));
    }

    @Test
    void adjacentAxis_putsItsCellsSideBySideInRandomOrder() {
        List<Cell> cells = Cells.of(suite("axes: {disks: [1, 2, 3, 4], threading: [big-lock, iothread]}\n"));

        List<PlannedRun> runs = SweepPlan.of(cells, 10, 1, "threading");

        assertThat(runs).hasSize(80);
        for (int i = 0; i < runs.size(); i += 2) {
            assertThat(runs.get(i).axes().get("disks"))
                    .isEqualTo(runs.get(i + 1).axes().get("disks"));
            assertThat(runs.get(i).cell()).isNotEqualTo(runs.get(i + 1).cell());
        }
        assertThat(runs.stream()
                        .filter(run -> run.order() % 2 == 0)
                        .map(run -> run.axes().get("threading")))
                .contains("big-lock", "iothread");
    }

    @Test
    void eachRepetition_runsEveryCellOnceWithOneSeed() {
        List<Cell> cells = Cells.of(SuiteFile.load("quick"));

        List<PlannedRun> runs = SweepPlan.of(cells, 3, 1);

        assertThat(runs).hasSize(12);
        assertThat(runs.stream()
                        .collect(Collectors.groupingBy(PlannedRun::repetition))
                        .values())
                .allSatisfy(repetition -> {
                    assertThat(repetition).extracting(PlannedRun::cell).doesNotHaveDuplicates();
                    assertThat(repetition)
                            .extracting(PlannedRun::seed)
                            .containsOnly(repetition.getFirst().seed());
                });
        assertThat(runs.subList(0, 4)).isNotEqualTo(runs.subList(4, 8));
    }

    private static SuiteSpec suite(String yaml) {
        return SuiteFile.parse(yaml, "test.yaml");
    }
}
