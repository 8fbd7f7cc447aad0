/** The one place where the arrow would turn: the harness asks for a report, an implementation is found at run time. */
package ringside.harness.spi;
