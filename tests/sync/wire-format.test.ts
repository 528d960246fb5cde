import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as protocol from '../../shared/sync/protocol.ts';

/**
 * One line per change of the wire format: protocol, schema, and the hash of all its schemas. A reply that only gains
 * optional members, announced by a feature of hello, keeps its schema number: laptops pass over what they do not know.
 */
const released = ['1 1 fbd1eb05690eb905', '1 2 bafeae5220443faf', '1 2 305d17fa28e3b44d', '1 2 f2312f45a9b9c701'];

test('the wire format is the one that was released', () => {
	const { helloRequest, helloReply, pushRequest, pushReply, pullLine, errorReply, SERVER_HEADER, LIMITS, REFUSALS } =
		protocol;
	const schemas = Object.entries({ helloRequest, helloReply, pushRequest, pushReply, pullLine, errorReply });
	const text = JSON.stringify([
		...schemas.map(([name, schema]) => [name, z.toJSONSchema(schema)]),
		SERVER_HEADER,
		LIMITS,
		REFUSALS,
	]);
	const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
	expect(
		`${protocol.PROTOCOL} ${protocol.SCHEMA} ${hash}`,
		'The wire format has changed. If laptops and servers of the last release still understand it, raise SCHEMA; if not, raise PROTOCOL. Then add a line here.',
	).toBe(released.at(-1));
});
