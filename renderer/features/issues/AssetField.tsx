import { Select } from '@mantine/core';
import { useDeferredValue, useId, useState } from 'react';
import type { CallError, CallResult } from '../../../shared/contract/errors.ts';
import type { IssuePage } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { askedText } from '../../lib/asked-text.ts';
import { useAnswer } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { places } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Issue.module.css';

interface AssetFieldProps {
	page: IssuePage;
	onSave(id: string | null): Promise<CallResult<unknown>>;
}

/** The case an issue is about: a link, or a box that finds one among the client's thousands by any part of its numbers. */
export function AssetField({ page, onSave }: AssetFieldProps) {
	const { asset } = page;
	const [error, setError] = useState<CallError | null>(null);
	const id = useId();
	const save = async (value: string | null) => {
		const result = await onSave(value);
		setError(result.ok ? null : result.error);
	};
	return (
		<dl className={styles.asset}>
			<dt>
				<label htmlFor={asset ? undefined : id}>{entity.fields.asset_id.label}</label>
			</dt>
			<dd className={styles.assetValue}>
				{asset ? (
					<>
						<RecordLink to={places.asset(asset.id)} plain>
							{asset.client_ref ?? asset.grant_no ?? asset.title}
						</RecordLink>
						<Button look="quiet" aria-label="Take the case off this issue" onClick={() => void save(null)}>
							Remove
						</Button>
					</>
				) : (
					<AssetSearch id={id} accountId={page.issue.account_id} onChoose={(value) => void save(value)} />
				)}
			</dd>
			{error ? (
				<p className="red" role="alert">
					{errorLine(error, entity.fields.asset_id.label)}
				</p>
			) : null}
		</dl>
	);
}

interface AssetSearchProps {
	id: string;
	accountId: string;
	onChoose(id: string | null): void;
}

function AssetSearch({ id, accountId, onChoose }: AssetSearchProps) {
	const [text, setText] = useState('');
	const asked = useDeferredValue(askedText(text));
	const found = useAnswer(
		'assets.list',
		{ account_id: accountId, text: asked, limit: 20 },
		{ enabled: asked !== '', keep: true },
	);
	const rows = asked ? (found.data?.rows ?? []) : [];
	return (
		<Select
			id={id}
			placeholder="none"
			searchable
			searchValue={text}
			onSearchChange={setText}
			data={rows.map((row) => ({
				value: row.id,
				label: [row.client_ref ?? row.grant_no ?? row.app_no, row.country, row.title].filter(Boolean).join(' · '),
			}))}
			filter={({ options }) => options}
			nothingFoundMessage={asked ? 'No case has this in its numbers or title' : 'Type part of a number or title'}
			value={null}
			onChange={onChoose}
			comboboxProps={{ width: 320, position: 'bottom-end' }}
			rightSection={null}
			styles={{ root: { flex: 1 } }}
		/>
	);
}
