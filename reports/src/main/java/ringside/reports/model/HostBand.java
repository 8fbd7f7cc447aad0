package ringside.reports.model;

/**
 * A rule of thumb for KVM guests: what a share of bare metal says about a configuration. Source: K. Huynh, Exploiting The
 * Latest KVM Features For Optimized Virtualized Enterprise Storage Performance, LinuxCon 2012, slides. It has no word for
 * 60 to 90 %, and nor do we.
 */
public enum HostBand {
    /** Below 30 %. */
    ISSUE("configuration issue", "issue", 0),
    /** 30 to 60 %. */
    TUNING("needs tuning", "needs tuning", 0.3),
    /** 60 to 90 %. */
    BETWEEN("between tuned and untuned", "between", 0.6),
    /** From 90 % on. */
    TUNED("configured and tuned", "tuned", 0.9);

    /** Where the bands were read. */
    public static final String SOURCE =
            "K. Huynh, Exploiting The Latest KVM Features For Optimized Virtualized Enterprise Storage Performance,"
                    + " LinuxCon 2012 (slides)";

    private final String label;
    private final String brief;
    private final double from;

    HostBand(String label, String brief, double from) {
        this.label = label;
        this.brief = brief;
        this.from = from;
    }

    /** The words of the source. */
    public String label() {
        return label;
    }

    /** The same, where there is little room. */
    public String brief() {
        return brief;
    }

    /** Where it begins, as a share. */
    public double from() {
        return from;
    }

    /** The band of a share. */
    public static HostBand of(double share) {
        HostBand found = ISSUE;
        for (HostBand band : values()) {
            if (share >= band.from) {
                found = band;
            }
        }
        return found;
    }
}
