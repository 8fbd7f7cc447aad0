/**
 * JMH benchmarks as results: starting those of the repository, reading JMH's JSON, writing a results folder of the usual form
 * with one run per fork. Used by {@code cli}; uses {@code results}, {@code stats} and {@code observe}.
 */
package ringside.harness.micro;
