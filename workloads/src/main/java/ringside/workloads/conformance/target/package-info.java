/** Where devices under test come from: machines and exports of our own, and servers of others. */
package ringside.workloads.conformance.target;
