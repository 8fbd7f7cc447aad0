/** The HTML of a report, section by section. Everything from data passes {@link ringside.reports.page.Escape}. Used by {@code render}. */
package ringside.reports.page;
