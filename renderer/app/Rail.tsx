import { IconBuilding, IconLock, IconMessage2, IconPlaneTilt, IconSettings, IconSun } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { Link, useLocation } from 'wouter';
import { useAnswer } from '../lib/core.ts';
import { count } from '../lib/numbers.ts';
import { places } from '../lib/places.ts';
import { runCommand } from '../lib/use-command.ts';
import { CommandKbd } from '../ui/Kbd.tsx';
import styles from './Frame.module.css';
import { Mark } from './Mark.tsx';
import { RailSync } from './RailSync.tsx';

interface PlaceLinkProps {
	to: string;
	word: string;
	icon: ComponentType<{ size?: number; stroke?: number }>;
	tail?: React.ReactNode;
}

function PlaceLink({ to, word, icon: Icon, tail }: PlaceLinkProps) {
	const [location] = useLocation();
	const here =
		location === to || location.startsWith(`${to}/`) || (to === places.accounts && location.startsWith('/cases/'));
	return (
		<Link
			href={to}
			title={word}
			className={here ? `${styles.place} ${styles.here}` : styles.place}
			aria-current={here ? 'page' : undefined}
		>
			<Icon size={16} stroke={1.5} />
			{word}
			{tail ? <span className={styles.tail}>{tail}</span> : null}
		</Link>
	);
}

/** The slim rail: where one can go, and at its foot the truth about sync. */
export function Rail() {
	const info = useAnswer('app.info', {}).data;
	return (
		<nav className={styles.rail} aria-label="Fieldbook">
			<div className={styles.brand}>
				<Mark /> Fieldbook
			</div>
			{info?.sample ? (
				<p className={styles.sample} title="Every name and number in it is fictional">
					Sample workspace
				</p>
			) : null}
			<div className={styles.places}>
				<PlaceLink to={places.myDay} word="My day" icon={IconSun} />
				<PlaceLink to={places.accounts} word="Accounts" icon={IconBuilding} />
				<PlaceLink
					to={places.issues}
					word="Issues"
					icon={IconMessage2}
					tail={info?.counts.issues ? count(info.counts.issues) : null}
				/>
				<PlaceLink to={places.travelPrep} word="Travel prep" icon={IconPlaneTilt} />
			</div>
			<div className={styles.foot}>
				<RailSync />
				<button type="button" className={styles.place} title="Lock the workbook" onClick={() => runCommand('lock')}>
					<IconLock size={16} stroke={1.5} />
					Lock
					<span className={styles.tail}>
						<CommandKbd id="lock" />
					</span>
				</button>
				<PlaceLink to={places.settings} word="Settings" icon={IconSettings} tail={<CommandKbd id="go.settings" />} />
			</div>
		</nav>
	);
}
