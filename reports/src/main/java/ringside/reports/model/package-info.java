/**
 * What a report says, as pure data made from a results folder: no HTML, no charts. Used by {@code chart}, {@code page}
 * and {@code render}.
 */
package ringside.reports.model;
