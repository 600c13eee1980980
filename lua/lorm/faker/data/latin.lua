-- Latin, as printers have used it for a long time.
return require("lorm.faker.list").words [[
  ab absum ac accedo accipio acer ad adeo adipiscor adiuvo adversus aeger aequus aestas aeternus ager aggredior agmen
  ago alii aliquis alius alter altus amet amicus amo amoveo amplus an angulus anima animus annus ante antiquus apud
  aqua arbor arcus argentum arma ars arx ascendo asper at atque auctor audax audeo audio aufero augeo aura aurum aut
  autem auxilium avis beatus bellum bene bonus brevis cado caelum campus candidus cano capio captivus caput careo
  carmen caro castra casus causa caveo cedo celer censeo centum certus ceterus cibus cingo circum civis civitas clamo
  clarus claudo coepi cogito cogo cohors colo color comes communis concedo condo confero conor consequor consilium
  constituo consul consulo contra convenio copia cor cornu corpus credo cresco crinis culpa cum cupio cur cura curro
  custos damno dea debeo decet dedico defendo deinde deleo demum denique descendo deserto desino deus dexter dico dies
  dignus discedo disco diu dives divus do doceo dolor dominus domus donec donum dubium duco dulcis dum duo durus dux
  eligo emo enim eo epistula eques equus ergo eripio error et etiam excipio exemplum exercitus exigo existimo expers
  expleo exspecto extra fabula facilis facio factum fallo fama familia fatum felix femina fere fero ferrum fides filia
  filius fingo finis fio flamma fleo flos fluctus flumen foedus fons forma fortis fortuna forum frater frequens frons
  frumentum fuga fugio fundo funus gaudium gens genus gero gloria gradus gratia gravis habeo haud herba hic hiems
  hodie homo honor hora hortus hospes hostis humanus humus iaceo iacio iam ianua ibi idem igitur ignis ille imago
  imber imperium impero in incipio inde infans ingenium ingens inquam insula integer intellego inter intra invenio
  invito ipse ira is iste ita iter iterum iubeo iucundus iudex iungo ius iuvenis iuvo labor lacrima laedo laetus lapis
  lateo latus laudo lectus legatus legio lego levis lex liber libertas licet limen lingua littera litus locus longus
  loquor ludus lumen luna lux magister magnus maior malus maneo manus mare mater maximus medius membrum memini memoria
  mens mensa mereor metus meus miles mille minor miror miser mitto modus moenia mollis moneo mons mora morior mors mos
  moveo mox multus mundus munus murus muto nam narro nascor natura navis nec nego nemo neque nescio nihil nimis nisi
  nobilis nolo nomen non noster notus novus nox nullus numerus numquam nunc nuntius ob occido occupo oculus odium
  officium omnis onus opinor oppidum ops optimus opus oratio orbis ordo orior oro os ostendo otium paene pars parvus
  pater patior patria pauci paulo pauper pax pectus pecunia pello per pereo periculum pes peto pietas placeo plenus
  plus poena poeta pono populus porta porto possum post postea potestas praeda praesidium prece premo primus princeps
  prior probo procul proelium promitto prope propter publicus puella puer pugna pulcher puto quaero qualis quam quando
  quantus quasi quattuor quia quidem quies quis quoniam quoque rapio ratio recipio reddo redeo refero regina regio
  regnum rego relinquo res respicio rex rideo ripa rogo rosa rursus sacer saepe salus salveo sanguis sapiens satis
  saxum scelus scientia scio scribo secundus sed sedeo semper senex sensus sententia sentio sequor sermo servo servus
  sic sidus signum silva similis simul sine singuli socius sol soleo solus solvo somnus soror spatium species specto
  spero spes spiritus statim stella sto studium sub subito sum sumo super supero surgo suus tabula taceo talis tam
  tamen tandem tango tantus tectum tego tellus telum templum tempus teneo tergum terra terreo timeo timor tollo tot
  totus trado traho trans tres tribuo tristis tu tum turba turris tutus ubi ultimus umbra umquam unda unde unus urbs
  usque usus ut uterque utilis utor uxor vacuus valeo validus varius vel velut venia venio ventus verbum vereor verto
  verus vester vestis vetus via victor video vincio vinco vinum vir virtus vis vita vivo vix voco volo voluntas vox
  vulgus vulnus vultus
]]
