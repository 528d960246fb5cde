import type { Random } from './random.ts';
import type { SampleClient } from './sample-clients.ts';

type Words = { things: readonly string[]; deeds: readonly string[]; parts: readonly string[] };

const WORDS: Record<SampleClient['field'], Words> = {
	chemistry: {
		things: [
			'crystalline salt',
			'prodrug',
			'controlled-release tablet',
			'antibody fragment',
			'peptide conjugate',
			'inhalable powder',
			'enzyme inhibitor',
			'lipid carrier',
			'transdermal film',
			'vaccine adjuvant',
		],
		deeds: ['preparing', 'stabilising', 'purifying', 'drying', 'coating', 'dosing'],
		parts: [
			'a protective excipient',
			'reduced hygroscopicity',
			'delayed absorption',
			'a chiral intermediate',
			'low residual solvent',
			'improved shelf life',
		],
	},
	electronics: {
		things: [
			'voltage reference',
			'gate driver',
			'memory array',
			'phase-locked loop',
			'sensor interface',
			'power converter',
			'through-silicon via',
			'clock distribution network',
			'radio receiver',
			'image signal processor',
		],
		deeds: ['calibrating', 'testing', 'manufacturing', 'controlling', 'waking', 'cooling'],
		parts: [
			'reduced leakage',
			'a shared bit line',
			'adaptive bias',
			'fault detection',
			'low standby current',
			'digital trimming',
		],
	},
	optics: {
		things: [
			'zoom lens',
			'display panel',
			'backlight unit',
			'optical coupler',
			'light-emitting diode',
			'waveguide combiner',
			'polarising film',
			'camera shutter',
			'laser module',
			'pixel circuit',
		],
		deeds: ['aligning', 'driving', 'inspecting', 'laminating', 'correcting', 'assembling'],
		parts: [
			'a foldable substrate',
			'compensated aberration',
			'narrow bezel',
			'a quantum-dot layer',
			'reduced flicker',
			'thermal drift correction',
		],
	},
	machines: {
		things: [
			'turbine blade',
			'gearbox',
			'shaft seal',
			'compressor stage',
			'bearing housing',
			'fuel nozzle',
			'brake caliper',
			'hydraulic valve',
			'rotor hub',
			'damping mount',
		],
		deeds: ['balancing', 'cooling', 'lubricating', 'monitoring', 'machining', 'assembling'],
		parts: [
			'an inner cooling channel',
			'reduced vibration',
			'a wear indicator',
			'a split ring',
			'variable geometry',
			'a replaceable insert',
		],
	},
	energy: {
		things: [
			'subsea cable joint',
			'wellhead connector',
			'battery module',
			'electrolyser stack',
			'wind-farm controller',
			'heat exchanger',
			'carbon capture column',
			'floating foundation',
			'switchgear',
			'flow meter',
		],
		deeds: ['installing', 'monitoring', 'starting', 'isolating', 'inspecting', 'balancing'],
		parts: [
			'pressure compensation',
			'remote actuation',
			'a corrosion barrier',
			'predictive control',
			'rapid disconnection',
			'a redundant seal',
		],
	},
	marine: {
		things: [
			'hull sensor',
			'mooring line',
			'sonar array',
			'ballast pump',
			'propeller duct',
			'autopilot',
			'deck crane',
			'lifeboat release hook',
			'exhaust scrubber',
			'navigation display',
		],
		deeds: ['deploying', 'steering', 'cleaning', 'stabilising', 'tracking', 'recovering'],
		parts: [
			'heave compensation',
			'a biofouling sensor',
			'acoustic shielding',
			'collision warning',
			'a quick coupling',
			'dynamic positioning',
		],
	},
	agriculture: {
		things: [
			'seed drill',
			'irrigation valve',
			'soil probe',
			'sprayer nozzle',
			'greenhouse vent',
			'harvester head',
			'drip emitter',
			'crop-imaging drone',
			'fertiliser spreader',
			'grain dryer',
		],
		deeds: ['watering', 'sowing', 'mapping', 'harvesting', 'metering', 'pruning'],
		parts: [
			'variable-rate control',
			'a self-cleaning filter',
			'moisture feedback',
			'row detection',
			'reduced drift',
			'a solar supply',
		],
	},
	materials: {
		things: [
			'hydrogel scaffold',
			'ceramic coating',
			'glass laminate',
			'bone substitute',
			'carbon-fibre preform',
			'foamed concrete',
			'membrane filter',
			'shape-memory alloy',
			'biodegradable film',
			'sintered powder part',
		],
		deeds: ['curing', 'printing', 'joining', 'sterilising', 'tempering', 'recycling'],
		parts: [
			'graded porosity',
			'self-healing properties',
			'an antibacterial surface',
			'low shrinkage',
			'improved toughness',
			'a renewable binder',
		],
	},
};

/** A plausible title in a client's field. */
export function sampleTitle(random: Random, field: SampleClient['field']): string {
	const { things, deeds, parts } = WORDS[field];
	const thing = random.pick(things);
	const form = random.int(0, 4);
	if (form === 0) return `Method for ${random.pick(deeds)} a ${thing}`.replace(/ a (?=[aeiou])/, ' an ');
	if (form === 1) return sentence(`${thing} with ${random.pick(parts)}`);
	if (form === 2) return sentence(`${thing} and method for ${random.pick(deeds)} the same`);
	if (form === 3)
		return `System for ${random.pick(deeds)} a ${thing} with ${random.pick(parts)}`.replace(/ a (?=[aeiou])/, ' an ');
	return sentence(`${thing} having ${random.pick(parts)}`);
}

function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
