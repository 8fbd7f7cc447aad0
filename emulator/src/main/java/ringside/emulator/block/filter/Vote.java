package ringside.emulator.block.filter;

import java.util.function.IntUnaryOperator;

/** Counts the answers of children: the largest group of those that agree. */
final class Vote {
    private Vote() {}

    /** Whether two children gave the same answer. */
    @FunctionalInterface
    interface Same {
        boolean same(int one, int other);
    }

    /**
     * The first child of the largest group.
     *
     * @param count number of children
     * @param valid 1 for a child whose answer counts, else 0
     * @param threshold how many must agree
     * @return its index, or -1 when no group is large enough
     */
    static int winner(int count, int threshold, IntUnaryOperator valid, Same same) {
        int winner = -1;
        int best = threshold - 1;
        for (int i = 0; i < count; i++) {
            int votes = 0;
            for (int k = 0; k < count && valid.applyAsInt(i) == 1; k++) {
                votes += k == i || valid.applyAsInt(k) == 1 && same.same(i, k) ? 1 : 0;
            }
            if (votes > best) {
                best = votes;
                winner = i;
            }
        }
        return winner;
    }
}
