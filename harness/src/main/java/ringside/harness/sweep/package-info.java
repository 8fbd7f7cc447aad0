/**
 * From a suite to a plan: cells are the product of the axes without the exclusions, in a seeded random order that
 * interleaves them. Used by {@code run} and {@code cli}.
 */
package ringside.harness.sweep;
