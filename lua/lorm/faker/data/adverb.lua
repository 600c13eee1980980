-- Adverbs.
return require("lorm.faker.list").words [[
  abruptly absently absolutely accidentally accordingly accurately actively actually afterwards again ago aloud almost
  already also always amazingly angrily annually anxiously apart arguably artfully awkwardly badly barely beautifully
  before belatedly blandly blindly blissfully boldly bravely briefly brightly briskly broadly busily calmly candidly
  carefully carelessly casually cautiously certainly cheaply cheerfully clearly cleverly closely clumsily coldly
  commonly completely constantly coolly correctly courteously crisply crossly cruelly curiously daily daintily dearly
  deceptively deeply defiantly deliberately delicately delightfully densely diagonally diligently dimly directly
  discreetly distinctly doubtfully dramatically dreamily drily dutifully eagerly early earnestly easily eastward
  effectively efficiently elegantly elsewhere enormously enough entirely equally especially essentially eternally
  evenly eventually ever everywhere evidently exactly exclusively explicitly extremely fairly faithfully famously far
  fast fatally favorably ferociously fiercely finally firmly fluently fondly foolishly forever formally forth
  fortunately forward frankly freely frequently freshly fully furiously generally generously gently gladly gracefully
  gradually gratefully greatly greedily grimly grudgingly halfway happily hard harshly hastily heartily heavily
  helpfully here highly honestly hopefully hourly hugely humbly hungrily hurriedly idly immediately immensely
  inadvertently increasingly indeed inevitably innocently instantly instead intensely intently inwardly ironically
  jointly jovially joyfully joyously just justly keenly kindly knowingly largely lately lazily less lightly likely
  literally little loftily long longingly loosely loudly lovingly loyally luckily madly mainly majestically
  meaningfully mechanically merely merrily mildly minutely miserably modestly moreover mostly mysteriously namely
  naturally nearly neatly never nevertheless newly nicely nightly nobly noisily normally northward noticeably now
  obediently obviously occasionally oddly often once only openly orderly originally otherwise outright outward overall
  painfully partially partly patiently perfectly perhaps personally physically plainly playfully pleasantly
  plentifully poetically politely poorly positively possibly potentially powerfully precisely presently presumably
  previously primarily privately probably promptly properly proudly publicly punctually purely purposefully quaintly
  quarterly quickly quietly quite quizzically radically randomly rapidly rarely readily really reasonably recently
  reliably reluctantly remarkably repeatedly reportedly respectfully restfully richly rightly roughly roundly rudely
  ruefully sadly safely scarcely seamlessly secretly seemingly seldom selfishly sensibly separately seriously sharply
  sheepishly shortly shrilly shyly sideways significantly silently similarly simply sincerely skillfully sleepily
  slightly slowly slyly smoothly softly solely solemnly solidly somehow sometimes somewhat soon southward sparingly
  specially specifically speedily spontaneously squarely steadily sternly still strangely strictly strongly stubbornly
  successfully suddenly sufficiently suitably supposedly surely surprisingly sweetly swiftly sympathetically
  systematically tactfully tenderly tensely thankfully then thereby therefore thickly thinly thoroughly thoughtfully
  tightly today together tomorrow totally tremendously triumphantly truly truthfully twice typically ultimately
  unbearably unexpectedly uniformly uniquely unlikely upright upward urgently usefully usually utterly vaguely
  valiantly vastly vertically very vibrantly vigorously virtually visibly vividly voluntarily warmly weakly wearily
  weekly well westward wholly wickedly widely wildly willingly wisely wistfully wonderfully yearly yesterday yet
  youthfully zealously
]]
