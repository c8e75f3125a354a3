import { describe, expect, it } from 'vitest';
import { loadEvidence } from '../evidence-base.js';
import { openAsker } from './open-asker.js';

const base = loadEvidence();
const ask = openAsker(base);

/** Questions as people type them, and the answer that fits; several where more than one does. */
const asked: readonly (readonly [string, ...string[]])[] = [
  ['Can a deep learning framework accurately classify and locate my fracture?', 'can-ai-classify-and-locate'],
  ['can deep learning classify and locate a fracture', 'can-ai-classify-and-locate'],
  ['Can AI see a broken bone on an x-ray?', 'find-break-on-xray'],
  ['how good is a computer at spotting broken bones', 'find-break-on-xray'],
  ['does artifical inteligence detect fractures on radiographs', 'find-break-on-xray'],
  ['can AI show me where the bone is broken', 'mark-the-place'],
  ['how exact is the position of the box from the ai', 'mark-the-place'],
  ['can ai tell what kind of fracture it is', 'type-of-break'],
  ['spiral or oblique fracture can ai tell', 'type-of-break'],
  ['can the computer clasify the fracture type', 'type-of-break'],
  ['how accurate is ai for a broken wrist', 'wrist'],
  ['distal radius fracture ai accuracy', 'wrist'],
  ['brocken rist ai', 'wrist'],
  ['is AI good with broken fingers?', 'hand'],
  ['ai accuracy hand fractuer', 'hand'],
  ['broken ankle ai how accurate', 'ankle-and-foot'],
  ['is AI reliable for ankel fractures?', 'ankle-and-foot'],
  ['can AI find a broken toe', 'ankle-and-foot'],
  ['calcaneus fracture deep learning', 'heel'],
  ['heel bone break ai', 'heel'],
  ['how good is ai for hip fractures', 'hip'],
  ['femoral neck fracture artificial intelligence accuracy', 'hip'],
  ['AI for a broken collarbone', 'shoulder'],
  ['can ai see cracked ribs on a ct scan', 'ribs'],
  ['how acurate is AI for rib fractures', 'ribs'],
  ['cervical spine fracture AI', 'neck-and-spine'],
  ['can ai find a broken vertebra', 'back'],
  ['does AI work for kids', 'children'],
  ['is it accurate for my 5 year old with a broken arm? AI I mean', 'children'],
  ['pediatric fractures and AI', 'children'],
  ['xray or ct which is better for ai', 'xray-or-ct'],
  ['does ai work on CT scans too', 'xray-or-ct'],
  ['can AI tell if a fracture is old or fresh', 'fresh-or-old'],
  ['can a computer know how old a break is', 'fresh-or-old'],
  ['is AI better than a radiologist', 'better-than-radiologist'],
  ['will AI replace radiologists', 'better-than-radiologist'],
  ['computer vs doctor reading x rays who is better', 'better-than-radiologist'],
  ['does AI help doctors miss fewer fractures', 'does-ai-help-doctors'],
  ['is a doctor with ai better than a doctor alone', 'does-ai-help-doctors', 'better-than-radiologist'],
  ['does AI make reading scans faster', 'faster'],
  ['will I wait less time in the emergency room with AI', 'faster'],
  ['what does sensitivity mean', 'what-sensitivity-means'],
  ['sensitivty explained', 'what-sensitivity-means'],
  ['what is a false positive', 'what-a-false-alarm-means'],
  ['what does false alarm mean for me', 'what-a-false-alarm-means'],
  ['what is specificity of the test for fractures', 'what-a-false-alarm-means'],
  ['a study says ai is very accurate is that enough', 'one-number-is-not-enough'],
  ['what does accuracy mean for fracture ai', 'one-number-is-not-enough'],
  ['the AI says I have a fracture how sure is that', 'positive-result'],
  ['AI marked a fracture on my xray is it true', 'positive-result', 'mark-the-place'],
  ['AI found no fracture but it still hurts', 'clear-result'],
  ['can I rely on a negative AI result', 'clear-result'],
  ['what if the AI and the doctor disagree', 'ai-and-doctor-disagree'],
  ['the computer says broken, the docter says no', 'ai-and-doctor-disagree'],
  ['does a radiologist check the AI result', 'does-a-doctor-check'],
  ['who signs the report ai or doctor', 'does-a-doctor-check'],
  ['what does the heat map on my x-ray show', 'heat-map'],
  ['red spot on AI picture meaning', 'heat-map'],
  ['what is the coloured heatmap', 'heat-map'],
  ['why is the box dashed', 'solid-and-dashed-boxes'],
  ['dotted line box on xray from AI', 'solid-and-dashed-boxes'],
  ['what does 80 percent next to my fracture mean', 'percent-next-to-result'],
  ['is the AI probability my real chance', 'percent-next-to-result'],
  ['pet/ct infection after fracture ai', 'infection'],
  ['can a PET scan find an infected plate after a break', 'infection'],
  ['does ai mean more radiation', 'radiation'],
  ['is the dose higher with AI', 'radiation'],
  ['what happens to my x-ray images and data', 'privacy'],
  ['are my scans used to train ai', 'privacy'],
  ['is AI biased against women', 'fairness'],
  ['is the ai fair for people like me', 'fairness'],
  ['does AI work as well in other hospitals', 'my-hospital'],
  ['external validation of fracture AI', 'my-hospital'],
  ['can AI miss a second fracture', 'several-breaks'],
  ['multiple fractures ai', 'several-breaks'],
  ['hairline fracture ai', 'hard-to-see-breaks'],
  ['can AI see tiny cracks', 'hard-to-see-breaks'],
  ['BoneView or RBfracture', 'products-compared'],
  ['which AI product is most accurate', 'products-compared'],
  ['is fracture AI approved by the FDA', 'is-it-approved'],
  ['are there laws for AI in hospitals', 'is-it-approved'],
  ['can AI tell if my fracture is healing', 'healing'],
  ['bone healing and artificial intelligence', 'healing'],
  ['what should I ask my doctor about AI', 'what-to-ask'],
  ['questions for the doctor about the ai reading', 'what-to-ask'],
  ['why do studies give different numbers for AI', 'why-studies-differ'],
  ['how good is Lucency', 'about-this-ai'],
  ['what is lucency and is it a medical device', 'about-this-ai'],
  ['vertebral compression fracture AI', 'back'],
  ['tailbone fracture ai', 'back'],
  ['tibial plateau fracture', 'knee-and-leg'],
  ['knee fracture ai accuracy', 'knee-and-leg'],
  ['broken elbow in child ai', 'elbow', 'children'],
  ['can AI find a broken nose', 'face-and-skull'],
  ['skull fracture AI', 'face-and-skull'],
  ['can chatgpt read my x-ray', 'chatbots'],
  ['can I upload my xray to chat gpt', 'chatbots'],
  ['is there an app to check for fracture', 'chatbots'],
  ['does AI work on MRI', 'mri-and-ultrasound'],
  ['can ai see torn ligaments', 'sprains'],
  ['ai for sprained ankle', 'sprains', 'ankle-and-foot'],
  ['does AI work if I have metal plates', 'metal-and-weak-bones'],
  ['ai and osteoporosis bones', 'metal-and-weak-bones'],
  ['did they use AI on my X-ray', 'can-i-say-no'],
  ['can i refuse AI', 'can-i-say-no'],
  ['who is liable if AI is wrong', 'who-is-responsible'],
  ['does my insurance pay for AI', 'cost'],
  ['what data was the AI trained on', 'what-is-ai'],
  ['what is a confidence interval', 'what-the-range-means'],
  ['what is AUC', 'what-a-score-means'],
  ['when was this last updated', 'how-answers-are-made'],
  ['my x-ray says no acute fracture what does that mean', 'clear-result'],
  ['72% fracture what does that mean', 'percent-next-to-result'],
  ['CE mark fracture AI', 'is-it-approved'],
  ['is AI used in the NHS for fractures', 'is-it-approved'],
  ['is ai less accurate for black people', 'fairness'],
  ['boxers fracture ai', 'hand'],
  ['lisfranc injury ai', 'ankle-and-foot'],
  ['how long does AI take to read an xray', 'faster'],
  ['two different AIs gave different results', 'why-studies-differ'],
  [
    'does an AI find a compound fracture',
    'type-of-break',
    'find-break-on-xray',
    'can-ai-classify-and-locate',
  ],
  ['fracture', 'find-break-on-xray'],
  ['AI', 'what-is-ai'],
];

describe('questions as people ask them', () => {
  it('are many', () => {
    expect(asked.length).toBeGreaterThanOrEqual(120);
  });

  it.each(asked)('%s', (question, ...fitting) => {
    const reply = ask(question);
    expect(reply.kind).toBe('answer');
    expect(fitting).toContain(reply.kind === 'answer' ? reply.best.id : '');
  });
});

describe('the questions of the site', () => {
  it.each([...base.answers.values()].map(({ id, question }) => [question, id]))('%s', (question, id) => {
    const reply = ask(question);
    expect(reply.kind === 'answer' && reply.best.id).toBe(id);
  });

  it('are offered, one way or another, to those who ask them in other words', () => {
    for (const { id, alsoAsked } of base.answers.values()) {
      for (const question of alsoAsked) {
        const reply = ask(question);
        const offered = [...(reply.kind === 'answer' ? [reply.best] : []), ...reply.others].map(
          (found) => found.id,
        );
        expect({ question, kind: reply.kind, found: offered.includes(id) }).toEqual({
          question,
          kind: expect.stringMatching(/^(answer|diagnosis)$/),
          found: true,
        });
      }
    }
  });
});
