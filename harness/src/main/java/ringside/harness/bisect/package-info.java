/**
 * The search for the commit at which a cell became slower: {@code ringside bisect}. Used by {@code cli}; measures by {@code ab},
 * judges by {@code stats}.
 */
package ringside.harness.bisect;
