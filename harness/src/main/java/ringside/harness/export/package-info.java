/**
 * Results in the forms that other tools read: fio's JSON, JMH's JSON, HdrHistogram's log, CSV, JUnit's XML, OpenMetrics'
 * text. Used by {@code cli}; uses {@code results} only.
 */
package ringside.harness.export;
