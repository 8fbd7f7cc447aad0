package ringside.harness.stats;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Two samples of sessions, B against A: a session is a results folder, made at one time. What the host does from one session
 * to the next is no property of the program, and runs of one session do not show it, so that only the sessions' means count.
 * Student's t with one variance for both sides, because B is often a single session.
 */
final class LogSessions implements LogEffect {
    /** Fewest sessions of both sides together whose scatter is worth asking. */
    static final int FEWEST = 6;

    /** Fewer on a side have no mean to speak of: the tail of single sessions is what is judged. */
    private static final int FEW_SESSIONS = 3;

    /**
     * Degrees of freedom then. Moods of a host are not normal: on recorded noise the usual degrees gave 1 % of false alarms
     * where 0.4 % were asked for.
     */
    private static final double HEAVY_TAIL = 4;

    private static final double UPPER_QUANTILE = 0.975;

    /** Nobody keeps more sessions than this. */
    private static final int MOST_SESSIONS = 1_000;

    private final double[] a;
    private final double[] b;
    private final double sd;

    /** @param a values by session, all positive, at least one session; likewise b, and at least {@link #FEWEST} together */
    LogSessions(List<double[]> a, List<double[]> b) {
        this.a = means(a);
        this.b = means(b);
        double squares = squares(this.a) + squares(this.b);
        this.sd = Math.sqrt(squares / (this.a.length + this.b.length - 2.0));
    }

    private static double[] means(List<double[]> sessions) {
        return sessions.stream()
                .mapToDouble(session ->
                        Arrays.stream(session).map(Math::log).average().orElseThrow())
                .toArray();
    }

    private static double squares(double[] values) {
        double mean = DoubleStream.of(values).average().orElseThrow();
        return DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    }

    private static double degrees(int a, int b) {
        double degrees = a + b - 2.0;
        return Math.min(a, b) < FEW_SESSIONS ? Math.min(degrees, HEAVY_TAIL) : degrees;
    }

    @Override
    public double difference() {
        return DoubleStream.of(b).average().orElseThrow()
                - DoubleStream.of(a).average().orElseThrow();
    }

    private static double error(double sd, int a, int b) {
        return sd * Math.sqrt(1.0 / a + 1.0 / b);
    }

    private double error() {
        return error(sd, a.length, b.length);
    }

    @Override
    public double pValue() {
        if (sd == 0) {
            return difference() == 0 ? 1 : 0;
        }
        return 2 * t(a.length, b.length).cumulativeProbability(-Math.abs(difference()) / error());
    }

    private static TDistribution t(int a, int b) {
        return new TDistribution(degrees(a, b));
    }

    @Override
    public Interval ratioInterval() {
        double half = t(a.length, b.length).inverseCumulativeProbability(UPPER_QUANTILE) * error();
        return new Interval(Math.exp(difference() - half), Math.exp(difference() + half));
    }

    @Override
    public boolean canShow(double logEffect, double level) {
        return LogSamples.reach(degrees(a.length, b.length), level) * error() <= logEffect;
    }

    /** Sessions in A, for as many in B as there are; the most that anybody keeps where no number is enough. */
    @Override
    public int runsNeeded(double logEffect, double level) {
        return LogSamples.fewest(
                FEWEST - 1,
                MOST_SESSIONS,
                n -> LogSamples.reach(degrees(n, b.length), level) * error(sd, n, b.length) <= logEffect);
    }
}
