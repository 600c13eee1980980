-- Verbs.
return require("lorm.faker.list").words [[
  abandon abide absorb accept accompany accuse achieve acknowledge acquire act adapt add address adjust admire admit
  adopt advance advise affect afford agree aid aim align allocate allow alter amaze amend amuse analyze announce
  answer anticipate apologize appeal appear applaud apply appoint appreciate approach approve argue arise arrange
  arrive ask assemble assert assess assign assist assume assure astonish attach attack attempt attend attract audit
  avoid await awake bake balance ban bang bargain bark base bathe battle beam bear beat become beg begin behave
  believe belong bend benefit bet bicycle bid bind bite blame blend bless blink bloom blow blur blush board boast boil
  bolt bond borrow bother bounce bow brag brake branch break breathe breed brew bring broadcast browse brush bubble
  budget build bump burn burst bury buy buzz calculate call calm camp cancel capture care carry carve cast catch
  categorize cause celebrate challenge change charge chart chase chat check cheer chew choke choose chop claim clap
  clarify clean clear click climb cling clip close coach coil collaborate collapse collect color comb combine come
  comfort command comment commit communicate compare compete compile complain complete compose compress compute
  concentrate concern conclude conduct confess confirm confront confuse connect conquer consider consist construct
  consult consume contact contain continue contract contribute convert convince cook cool coordinate copy correct
  cough count cover crack craft crash crawl create creep criticize cross crown cruise crush cry cultivate cure curl
  cut cycle damage dance dare dash deal decay decide declare decline decorate decrease dedicate deepen defend define
  delay delegate delight deliver demand demonstrate deny depart depend deploy derive descend describe deserve design
  desire destroy detect determine develop devise devote differ dig dine dip direct disagree disappear discover discuss
  dislike dismiss display distribute dive divide do donate double doubt draft drag drain draw dream dress drift drill
  drink drip drive drop drum dry dust earn ease eat echo edit educate elect elevate eliminate embrace emerge emphasize
  employ empower empty enable enclose encounter encourage end endorse endure enforce engage engineer enhance enjoy
  enlarge enlist enrich enroll ensure enter entertain equip erase escape establish estimate evaluate evolve examine
  exceed excel exchange excite exclude excuse execute exercise exhibit exist expand expect experience experiment
  explain explode explore export expose express extend extract face facilitate fade fail fall familiarize fan fasten
  favor fear feed feel fence fetch fight file fill film filter finalize finance find finish fire fit fix flap flash
  flee float flood flow fly focus fold follow fool forbid force forecast foresee forget forgive form format formulate
  foster found frame free freeze frighten fry fuel fulfill function furnish gain gallop gamble garden gather gauge
  gaze generate get give glance gleam glide glow glue go govern grab grade grant grasp graze greet grin grind grip
  grow guarantee guard guess guide hammer hand handle hang happen harvest hasten hatch haul haunt head heal heap hear
  heat help hesitate hide highlight hike hire hit hold hook hop hope host hover hug hum hunt hurry hustle identify
  ignite ignore illuminate illustrate imagine impact implement imply import impress improve include incorporate
  increase indicate induce influence inform inherit initiate inject innovate inquire insert inspect inspire install
  instruct insure integrate intend interact interest interpret interview introduce invent invest investigate invite
  involve iron isolate issue itch jam jog join joke journey judge juggle jump justify keep kick kindle kiss kneel knit
  knock know label lace land last laugh launch lay lead lean leap learn leave lecture lend let level license lick lie
  lift light like limit link list listen live load loan locate lock log look loosen lose love lower maintain make
  manage manufacture map march mark marry marvel master match mate matter maximize mean measure meditate meet melt
  mend mention merge migrate milk mind minimize mix moan model moderate modify monitor moor motivate move mow multiply
  murmur nail name narrate navigate need neglect negotiate nest nod normalize note notice number nurse obey object
  oblige observe obtain occupy occur offer officiate open operate oppose optimize order organize oversee overtake owe
  own pack paddle paint park part pass paste pat pause pave pay pedal peel peep perceive perform permit persuade phone
  photograph pick pilot pinch pine place plan plant play please plow plug point polish pop possess post postpone pour
  practice praise pray preach precede predict prefer prepare prescribe present preserve press pretend prevent print
  proceed process produce program progress project promise promote proofread propose protect prove provide publicize
  publish pull pump punch punctuate purchase push put qualify question queue quit quote race radiate rain raise rally
  range rank rate reach react read realize reason recall receive recognize recommend reconcile record recover recruit
  recycle reduce refer reflect refuse regret regulate rehearse reign reinforce reject rejoice relate relax release
  rely remain remember remind remove render renew rent reorganize repair repeat replace reply report represent
  reproduce request rescue research reserve resolve respect respond restore restrict result retire retrieve return
  reveal reverse review revise revolve reward rhyme ride ring rinse rise risk roam roar rock roll rotate row rub rule
  run rush sail salute sample satisfy save say scale scan scatter schedule score scrape scratch scream screen scrub
  seal search secure seek select sell send sense separate serve set settle sew shade shake shape share sharpen shave
  shelter shift shine ship shiver shock shop shorten shout show shrink shrug shut sigh sign signal simplify simulate
  sing sink sip sit sketch ski skip sleep slice slide slip slow smash smell smile smoke snatch sneak sneeze sniff
  snore snow soak soar solve soothe sort sound sow spare spark sparkle speak specify spell spend spill spin split
  spoil sponsor spot spray spread sprint sprout square squeak squeeze stack staff stage stain stamp stand stare start
  state stay steer step stir stitch stop store stow strap strengthen stretch strike strip stroke structure struggle
  study stuff submit subtract succeed suggest suit summarize supervise supply support suppose surprise surround survey
  suspect suspend swallow sway sweep swell swim swing switch symbolize sympathize tackle take talk tame tap target
  taste teach tear tease tell tempt tend test thank thaw think thrive throw tick tickle tie tighten tilt time tip tire
  toast tolerate toss touch tour tow trace track trade train transcribe transfer transform translate transport trap
  travel treat tremble trick trim trip triumph trot trust try tug tumble tune turn tutor twist type undergo understand
  undertake unfold unify unite unlock unpack update upgrade uphold urge use utilize validate value vanish verify view
  visit visualize voice volunteer vote wade wait wake walk wander want warm warn wash watch water wave weave weigh
  welcome whisper whistle widen win wind wink wipe wish withdraw witness wonder work worry wrap wrestle write yawn
  yell yield zip zoom
]]
