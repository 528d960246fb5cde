import { Select } from '@mantine/core';
import type { AppInfo } from '../../../shared/contract/models.ts';
import { BackupsLine } from '../../features/backups/BackupsLine.tsx';
import { SecuritySection } from '../../features/security/SecuritySection.tsx';
import { MeteredChoice, meteredWords } from '../../features/sync/MeteredChoice.tsx';
import { SignInLine, useSignsIn } from '../../features/sync/SignInLine.tsx';
import { useHomeZone } from '../../features/visits/use-home-zone.ts';
import { useAnswer } from '../../lib/core.ts';
import { timeAt } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { useSettings } from '../../lib/settings.tsx';
import { runCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import styles from './Settings.module.css';

const schemes = [
	{ value: 'auto', word: 'Like the computer' },
	{ value: 'light', word: 'Light' },
	{ value: 'dark', word: 'Dark' },
] as const;

const densities = [
	{ value: 'compact', word: 'Compact' },
	{ value: 'comfortable', word: 'Comfortable' },
] as const;

const zones = Intl.supportedValuesOf('timeZone');

function HomeZone() {
	const { settings, change } = useSettings();
	const now = useNow();
	const zone = useHomeZone();
	return (
		<div className={styles.line}>
			<label htmlFor="home-zone">Home time zone</label>
			<div className={styles.zone}>
				<Select
					id="home-zone"
					data={zones}
					value={settings.homeTimeZone}
					placeholder={`${zone.replaceAll('_', ' ')}, until another is chosen`}
					onChange={(homeTimeZone) => change({ homeTimeZone })}
					searchable
					clearable
					limit={60}
				/>
				<p className="muted">It is {timeAt(zone, now)} there. Visits show the site’s time with this one beside it.</p>
			</div>
		</div>
	);
}

function Look() {
	const { settings, change } = useSettings();
	return (
		<Section title="Look">
			<Panel>
				<div className={styles.line}>
					<span>Theme</span>
					<Choices
						label="Theme"
						options={schemes}
						value={settings.colorScheme}
						onChange={(colorScheme) => change({ colorScheme })}
					/>
				</div>
				<div className={styles.line}>
					<span>Rows</span>
					<Choices
						label="Rows"
						options={densities}
						value={settings.density}
						onChange={(density) => change({ density })}
					/>
				</div>
				<HomeZone />
				<div className={styles.line}>
					<span>Deleted records</span>
					<Button onClick={() => runCommand('go.trash')} hint={<CommandKbd id="go.trash" />}>
						Open the trash
					</Button>
				</div>
				<div className={styles.line}>
					<span>Keys</span>
					<Button onClick={() => runCommand('keys.show')} hint={<CommandKbd id="keys.show" />}>
						Show all keys
					</Button>
				</div>
			</Panel>
		</Section>
	);
}

function Link() {
	const answer = useAnswer('sync.status', {});
	const signsIn = useSignsIn();
	return (
		<Section title="Sync">
			<Panel>
				{signsIn ? (
					<div className={styles.line}>
						<span>Sign-in</span>
						<SignInLine />
					</div>
				) : null}
				<Answer of={answer} lines={2}>
					{(status) => (
						<>
							<div className={styles.line}>
								<span>Metered link</span>
								<div>
									<MeteredChoice status={status} />
									<p className={styles.note}>{meteredWords(status)}</p>
								</div>
							</div>
							<div className={styles.line}>
								<label htmlFor="work-offline">Work offline</label>
								<input
									id="work-offline"
									type="checkbox"
									className={styles.tick}
									checked={status.paused}
									onChange={() => runCommand('sync.pause')}
								/>
							</div>
						</>
					)}
				</Answer>
			</Panel>
		</Section>
	);
}

function Copies() {
	return (
		<Section title="Backups and export">
			<Panel>
				<div className={styles.line}>
					<span>Backups</span>
					<div className={styles.copies}>
						<Button onClick={() => runCommand('go.backups')} hint={<CommandKbd id="go.backups" />}>
							Open backups and export
						</Button>
						<BackupsLine />
					</div>
				</div>
			</Panel>
		</Section>
	);
}

function Workbook({ info }: { info: AppInfo }) {
	const { store, counts } = info;
	const facts: [string, string][] = [
		['Whose', info.user?.name ?? 'not signed in'],
		['Device', info.device.name],
		[
			'Holds',
			[counted(counts.accounts, 'account'), counted(counts.assets, 'case'), counted(counts.issues, 'issue')].join(', '),
		],
		['Protection', store.encrypted ? 'Encrypted' : 'Not encrypted'],
		['Size', fileSize(store.sizeBytes)],
		['File', store.path],
		['Version', info.version],
	];
	return (
		<Section
			title={info.sample ? 'Sample workspace' : 'Workbook'}
			note={info.sample ? 'Every name and number in it is fictional. It unlocks itself.' : null}
		>
			<Panel>
				<dl className={styles.facts}>
					{facts.map(([name, value]) => (
						<div key={name} className={styles.fact}>
							<dt>{name}</dt>
							<dd>{value}</dd>
						</div>
					))}
				</dl>
			</Panel>
		</Section>
	);
}

/** Theme, density, home time zone, security, and the truth about the workbook. */
export function SettingsView() {
	const info = useAnswer('app.info', {});
	usePainted(info.data !== undefined);
	return (
		<Page header={<PageHeader place="Fieldbook" title="Settings" />}>
			<PageBody>
				<Stack>
					<Look />
					<Link />
					<SecuritySection />
					<Copies />
					<Answer of={info}>{(value) => <Workbook info={value} />}</Answer>
				</Stack>
			</PageBody>
		</Page>
	);
}
