import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { NoteVersion } from '../../../shared/contract/kept-models.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { count, counted } from '../../lib/numbers.ts';
import styles from './Versions.module.css';
import { whoWrote } from './version-words.ts';

interface VersionListProps {
	versions: readonly NoteVersion[];
	chosen: number | null;
	onChoose(version: number): void;
}

/** The versions, newest first: J and K or the arrows go through them. */
export function VersionList({ versions, chosen, onChoose }: VersionListProps) {
	const list = useRef<HTMLDivElement>(null);
	useEffect(() => list.current?.focus(), []);
	useEffect(() => {
		list.current?.querySelector(`[data-version="${chosen}"]`)?.scrollIntoView?.({ block: 'nearest' });
	}, [chosen]);
	const onKeyDown = (event: KeyboardEvent) => {
		const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
		const at = versions.findIndex((version) => version.version === chosen);
		const ends: Record<string, number> = { Home: 0, End: versions.length - 1 };
		const next = step ? at + step : ends[event.key];
		const version = next === undefined ? undefined : versions[next];
		if (next === undefined || event.ctrlKey || event.metaKey) return;
		if (version) onChoose(version.version);
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<div
			ref={list}
			role="listbox"
			tabIndex={0}
			aria-label="Versions, newest first"
			aria-activedescendant={chosen === null ? undefined : `version-${chosen}`}
			className={styles.list}
			onKeyDown={onKeyDown}
		>
			{versions.map((version, index) => (
				<Line
					key={version.version}
					version={version}
					isNewest={index === 0}
					isChosen={version.version === chosen}
					onChoose={() => onChoose(version.version)}
				/>
			))}
		</div>
	);
}

interface LineProps {
	version: NoteVersion;
	isNewest: boolean;
	isChosen: boolean;
	onChoose(): void;
}

function Line({ version, isNewest, isChosen, onChoose }: LineProps) {
	const now = useNow();
	const { at, words, change } = version;
	const more = change === 0 ? null : change > 0 ? `+${count(change)}` : `−${count(-change)}`;
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
		// biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
		<div
			id={`version-${version.version}`}
			data-version={version.version}
			role="option"
			aria-selected={isChosen}
			className={isChosen ? `${styles.version} ${styles.chosen}` : styles.version}
			onClick={onChoose}
		>
			<span className={styles.when} title={at ? exactInstant(at) : undefined}>
				{at ? shortInstant(at, now) : 'time unknown'}
				{isNewest ? <span className={styles.tag}>now</span> : null}
			</span>
			<span className={styles.count}>
				{counted(words, 'word')}
				{more ? <span className={change > 0 ? 'green' : 'red'}> {more}</span> : null}
			</span>
			<span className={styles.by}>{whoWrote(version)}</span>
			{version.restored ? <span className={styles.by}>put back to {shortInstant(version.restored, now)}</span> : null}
			{version.aside ? <span className={`${styles.by} amber`}>has words set aside</span> : null}
		</div>
	);
}
