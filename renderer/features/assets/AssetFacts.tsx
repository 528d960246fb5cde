import type { PatentAsset } from '../../../shared/entities/patent-asset.ts';
import { patentAsset as entity } from '../../../shared/entities/patent-asset.ts';
import { useSend } from '../../lib/core.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Fields } from '../../ui/Fields.tsx';
import { Panel, Section } from '../../ui/Section.tsx';

const identity = ['client_ref', 'provider_ref', 'family_ref', 'country', 'status', 'owner_name', 'cost_centre'];
const numbers = [
	'app_no',
	'filing_date',
	'priority_date',
	'pub_no',
	'pub_date',
	'grant_no',
	'grant_date',
	'expiry_date',
];

/** What the office knows about a case, read-only. */
export function AssetFacts({ asset }: { asset: PatentAsset }) {
	return (
		<>
			<Section title="Case">
				<Panel>
					<Fields entity={entity} names={identity} record={asset} />
				</Panel>
			</Section>
			<Section title="Numbers and dates">
				<Panel>
					<Fields entity={entity} names={numbers} record={asset} />
				</Panel>
			</Section>
		</>
	);
}

/** What the SAM keeps about a case. */
export function AssetOwnFields({ asset }: { asset: PatentAsset }) {
	const { send } = useSend('assets.update');
	const onlyReads = useOnlyReads(asset.account_id, 'patent_asset');
	return (
		<Section title={onlyReads ? 'The account manager’s own' : 'Yours'}>
			<Panel>
				<Fields
					entity={entity}
					names={['watch', 'sam_note']}
					record={asset}
					onPatch={(patch, seen) => send({ id: asset.id, patch, seen })}
				/>
			</Panel>
		</Section>
	);
}
