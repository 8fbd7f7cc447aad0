/**
 * Two programs or two sets of options against each other in pairs of runs on one machine: {@code ringside ab}. Each run is
 * made by the side's own program through its command line, so that revisions need to agree on nothing but that. Used by
 * {@code cli}; uses {@code run}, {@code suite}, {@code sweep}, {@code results} and {@code stats}.
 */
package ringside.harness.ab;
