/**
 * Results as files: records without behaviour that both the harness and the reports read, their JSON form, and the
 * append-only store. The JSON file and its schema version are the durable contract.
 */
package ringside.harness.results;
