import { entityByName } from '../entities/registry.ts';
import type { Op } from './protocol.ts';

/**
 * True when an operation on `entityName` names an entity or a field that came after schema number `schema`: a server of
 * that schema would refuse it. Without an operation only the entity counts. An entity unknown here counts as known there.
 */
export function isBeyond(entityName: string, op: Op | undefined, schema: number): boolean {
	const entity = entityByName(entityName);
	if (!entity) return false;
	if ((entity.since ?? 1) > schema) return true;
	const names = op?.k === 'set' ? Object.keys(op.f) : op?.k === 'create' ? Object.keys(op.v) : [];
	return names.some((name) => (entity.fields[name]?.since ?? 1) > schema);
}
